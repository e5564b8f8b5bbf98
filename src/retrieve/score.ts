import { isSource } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import type { Hit, Hits } from './signal.ts'

/** The kinds of evidence: what speaks for a file. Each is gathered in signals/, all of them in rank-files.ts. */
export type SignalName =
  // words (words.ts, names.ts)
  | 'body' // it speaks of the request
  | 'paths' // its path does
  | 'outright' // the request names it, or a name that it alone defines
  // history (past-subjects.ts, recency.ts, co-change.ts)
  | 'pastSubjects' // what its commits said
  | 'recency' // it was changed lately
  | 'coChange' // it is changed with the likeliest files
  | 'folderChange' // with their folders
  | 'testChange' // with the likeliest tests and documents
  // structure (imports.ts, uses.ts)
  | 'imports' // it is near the likeliest files by imports
  | 'uses' // it uses what they define, or defines what they use

export type Weights = Readonly<Record<SignalName, number>>

/**
 * Weight of each signal in the sum. Each signal is first divided by its largest score among source files, and the square
 * root taken: the tenth hit is worth more than a tenth of the first. Fitted by bench/fit-ranking.ts: docs/results.md#ranking.
 */
export const WEIGHTS: Weights = {
  body: 1.62,
  paths: 0.76,
  outright: 1.2, // by hand: of files named so 61 in 100 are changed, but one request in eight names any, and the fit gives to each signal by its use
  pastSubjects: 1.26,
  recency: 0.4,
  coChange: 0.87,
  folderChange: 0.61,
  testChange: 0.56,
  imports: 0.77,
  uses: 0.69,
}

export interface Scored {
  readonly path: RepoPath
  /** Weighted sum. Within one request it orders; between requests it tells how much evidence there is. */
  readonly score: number
  /** What speaks for it, the heaviest first. Worked out when asked for: few of a thousand candidates are shown. */
  readonly evidence: () => readonly { readonly value: number; readonly why: Hit['why'] }[]
  /** No file speaks of the request: this one is only known to change often. */
  readonly isGuess?: true
  /** Few words of the request are words of this repository: it may be meant for another. */
  readonly isUnspokenOf?: true
  /** A tool has written it: people change what it is made from. */
  readonly isGenerated?: true
  /** Added to its log odds: see asUsual. */
  readonly shift?: number
  /** How likely it is at least, from 0 to 1: so many of the past commits of this kind changed it. */
  readonly least?: number
}

/** One number a path from all signals, best first. Pure; O(hits log hits). */
export function combine(signals: Partial<Record<SignalName, Hits>>, weights: Weights = WEIGHTS): Scored[] {
  const counted = (Object.entries(signals) as [SignalName, Hits][])
    .map(([name, hits]) => ({ hits, weight: weights[name], largest: largestOf(hits) }))
    .filter(({ weight, largest }) => weight !== 0 && largest !== 0)
  const scores = new Map<RepoPath, number>()
  for (const { hits, weight, largest } of counted)
    for (const [path, { score }] of hits)
      if (score > 0) scores.set(path, (scores.get(path) ?? 0) + worth(score, weight, largest))
  const evidenceFor = (path: RepoPath) =>
    counted
      .flatMap(({ hits, weight, largest }) => {
        const hit = hits.get(path)
        return hit && hit.score > 0 ? [{ value: worth(hit.score, weight, largest), why: hit.why }] : []
      })
      .sort((a, b) => b.value - a.value)
  return [...scores]
    .map(([path, score]) => ({ path, score, evidence: () => evidenceFor(path) }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
}

function worth(score: number, weight: number, largest: number): number {
  return weight * Math.sqrt(Math.min(1, score / largest))
}

/** Of source files; of all, when no source file is among them. */
function largestOf(hits: Hits): number {
  let ofSource = 0
  let ofAll = 0
  for (const [path, { score }] of hits) {
    if (score > ofAll) ofAll = score
    if (score > ofSource && isSource(path)) ofSource = score
  }
  return ofSource || ofAll
}
