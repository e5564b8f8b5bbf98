import { isSource } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import type { Hit, Hits } from './signal.ts'

/** The kinds of evidence. Each is gathered in signals/, all of them in rank-files.ts. */
export type SignalName =
  // words (words.ts, names.ts)
  | 'body' // its text matches the request
  | 'paths' // its path matches the request
  | 'outright' // the request names it, or a name that only this file defines
  // history (past-subjects.ts, recency.ts, co-change.ts)
  | 'pastSubjects' // the subjects of its commits match the request
  | 'recency' // it was changed lately
  | 'coChange' // it is changed with the likeliest files
  | 'folderChange' // with their folders
  | 'testChange' // with the likeliest tests and documents
  // structure (imports.ts, uses.ts)
  | 'imports' // it is near the likeliest files by imports
  | 'uses' // it uses what they define, or defines what they use

export type Weights = Readonly<Record<SignalName, number>>

/**
 * Weight of each signal in the sum. Each score is divided by the signal's largest score among source files, and its
 * square root is taken: the tenth hit is worth more than a tenth of the first. Fitted by bench/fit-ranking.ts:
 * docs/results.md#ranking.
 */
export const WEIGHTS: Weights = {
  body: 1.62,
  paths: 0.76,
  outright: 1.2, // by hand: of files named so 61 in 100 are changed; a fit undervalues it, since only one request in eight names any
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
  /** Weighted sum. It orders the files of one request; across requests it measures how much evidence there is. */
  readonly score: number
  /** Its evidence, the heaviest first. Computed on demand: few of a thousand candidates are shown. */
  readonly evidence: () => readonly { readonly value: number; readonly why: Hit['why'] }[]
  /** No file matches the words of the request: this one changed lately, or goes with one that did. */
  readonly isGuess?: true
  /** Few words of the request occur in this repository: it may be meant for another one. */
  readonly isUnspokenOf?: true
  /** A tool has written it: people change its source instead. */
  readonly isGenerated?: true
  /** Added to its log odds: see asUsual. */
  readonly shift?: number
  /** Lower bound of its probability, from 0 to 1: the smoothed share of past commits of this kind that changed it. */
  readonly least?: number
}

/** One score a path from all signals, best first. Pure; O(hits log hits). */
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

/** The largest score of a source file; of any file, if there is no source file. */
function largestOf(hits: Hits): number {
  let ofSource = 0
  let ofAll = 0
  for (const [path, { score }] of hits) {
    if (score > ofAll) ofAll = score
    if (score > ofSource && isSource(path)) ofSource = score
  }
  return ofSource || ofAll
}
