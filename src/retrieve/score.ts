import { isSource } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import type { Hit, Hits } from './signal.ts'

/** The kinds of evidence: what speaks for a file. Each is gathered in signals/, all of them in rank-files.ts. */
export type SignalName =
  // words, by full text (words.ts)
  | 'title' // of the title, in all fields
  | 'paths' // of the whole request, in paths
  | 'body' // in bodies
  | 'compounds' // neighbours written as one
  // names (namesakes.ts, names.ts, symbols.ts, scope.ts)
  | 'titleNamesakes' // the file is called as a name of several parts in the title
  | 'bodyNamesakes' // in the rest
  | 'wordNamesakes' // as a word of the title
  | 'names' // it defines a name that is quoted, or is a path that is; few do
  | 'outright' // it alone does
  | 'symbols' // one of its definitions is called much as the request
  | 'scope' // it stands in the part that the title names before its colon
  // history (past-subjects.ts, past-commits.ts, precedent.ts, recency.ts, co-change.ts, folder-change.ts, generated.ts)
  | 'pastSubjects' // what its commits said
  | 'pastCommits' // commits like the request changed it
  | 'precedent' // one commit that says nearly the same changed it
  | 'recency' // it was changed lately
  | 'coChange' // it is changed with the likeliest files
  | 'folderChange' // with their folders
  | 'testChange' // with the likeliest tests and documents
  | 'generated' // with the likeliest files, and a tool writes it
  // structure (imports.ts, uses.ts, siblings.ts, mirrors.ts)
  | 'imports' // it is near the likeliest files by imports
  | 'uses' // it uses what they define, or defines what they use
  | 'siblings' // it stands beside them
  | 'mirrors' // it is named like them
  // no evidence: large and busy files are changed more often
  | 'lines'
  | 'fanOut'

export type Weights = Readonly<Record<SignalName, number>>

/**
 * Weight of each signal in the sum. Each signal is first divided by its largest score among source files, and the square
 * root taken: the tenth hit is worth more than a tenth of the first. Fitted by bench/fit-ranking.ts: docs/results.md#ranking.
 */
export const WEIGHTS: Weights = {
  title: 0.73,
  paths: 0.53,
  body: 1.03,
  compounds: 0.28,
  titleNamesakes: 0.27,
  bodyNamesakes: 0.2,
  wordNamesakes: 0.2,
  names: 0.19,
  outright: 1.2, // by hand: of files named so 61 in 100 are changed, but one request in eight names any, and the fit gives to each signal by its use
  symbols: 0.36,
  scope: 0.41,
  pastSubjects: 1,
  pastCommits: 0.33,
  precedent: 0.2, // by hand, as `outright`: one request in fifty has one, and then 58 in 100 of its files are changed
  recency: 0.23,
  coChange: 0.76,
  folderChange: 0.42,
  testChange: 0.48,
  generated: 1, // by hand: few repositories have any; in fzf and date-fns it finds them, elsewhere it changes nothing
  imports: 0.72,
  uses: 0.42,
  siblings: 0.28,
  mirrors: 0.24,
  lines: 0.2,
  fanOut: 0.24,
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
  /** One commit that says nearly the same as the request changed it. */
  readonly isPrecedent?: true
  /** What else is known is added to its log odds: see asUsual. */
  readonly shift?: number
  /** How likely it is at least, from 0 to 1: so many of the commits that added another one of the kind changed it. */
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
