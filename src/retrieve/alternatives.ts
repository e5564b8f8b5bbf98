import { createHash } from 'node:crypto'
import { CALIBRATION } from './likelihood.ts'
import { type SignalName, WEIGHTS, type Weights } from './score.ts'
import { BY_RECIPE } from './usual.ts'

/** A way to rank that a repository's own past may choose. */
export interface Alternative {
  readonly name: string
  readonly weights: Weights
  /** See likelihood(). */
  readonly shift: number
}

export const SHIPPED: Alternative = { name: 'the shipped weights', weights: WEIGHTS, shift: 0 }

const times = (factor: number, ...signals: readonly SignalName[]): Weights => ({
  ...WEIGHTS,
  ...Object.fromEntries(signals.map((signal) => [signal, factor * WEIGHTS[signal]])),
})
const HISTORY = ['pastSubjects', 'pastCommits', 'recency', 'coChange', 'folderChange', 'testChange'] as const

/** Few, and each with a meaning: with many, one would win by chance. */
export const ALTERNATIVES: readonly Alternative[] = [
  { name: 'history counts more', weights: times(1.6, ...HISTORY), shift: 0 },
  { name: 'history counts less', weights: times(0.5, ...HISTORY), shift: 0 },
  { name: 'words in bodies count less', weights: times(0.4, 'body'), shift: 0 },
  { name: 'paths count more', weights: times(1.8, 'paths', 'symbols'), shift: 0 },
  { name: 'paths count less', weights: times(0.3, 'paths'), shift: 0 },
  { name: 'imports count less', weights: times(0.2, 'imports', 'uses'), shift: 0 },
  { name: 'siblings count more', weights: times(4, 'siblings', 'mirrors'), shift: 0 },
  { name: 'more files are named', weights: WEIGHTS, shift: 0.6 },
  { name: 'fewer files are named', weights: WEIGHTS, shift: -0.6 },
]

/** Raise it when the ranking changes otherwise than by its numbers here: seeds, half-lives, roles, how a request is read. */
const RULES = 3

/** Hash of what a choice was made among: after a new fit one of before says nothing. */
export const CHOSEN_AMONG = createHash('sha256')
  .update(JSON.stringify([RULES, ALTERNATIVES, CALIBRATION, BY_RECIPE]))
  .digest('hex')
