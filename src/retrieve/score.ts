import type { RepoPath } from '../types.ts'
import type { Hits } from './signal.ts'

export type SignalName = 'words' | 'names' | 'pastCommits' | 'coChange' | 'imports' | 'recency'

/** Weight of each signal in the sum; each signal is first divided by its largest score. Fitted in docs/results.md#ranking. */
export const WEIGHTS: Readonly<Record<SignalName, number>> = {
  words: 1.4,
  names: 0.35,
  pastCommits: 0.4,
  coChange: 0.6,
  imports: 0.3,
  recency: 0.1,
}

export interface Scored {
  readonly path: RepoPath
  /** Weighted sum over the sum of weights: from 0 to 1. */
  readonly score: number
  /** Evidence, the heaviest first. */
  readonly why: readonly string[]
}

/** One number a path from all signals, best first. Pure; O(hits log hits). */
export function combine(
  signals: Partial<Record<SignalName, Hits>>,
  weights: Readonly<Record<SignalName, number>> = WEIGHTS,
): Scored[] {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  const parts = new Map<RepoPath, { value: number; why: string }[]>()
  for (const [name, hits] of Object.entries(signals) as [SignalName, Hits][]) {
    let largest = 0
    for (const { score } of hits.values()) largest = Math.max(largest, score)
    if (largest === 0) continue
    for (const [path, { score, why }] of hits) {
      const value = (weights[name] * score) / largest
      if (value <= 0) continue
      const known = parts.get(path)
      if (known) known.push({ value, why })
      else parts.set(path, [{ value, why }])
    }
  }
  return [...parts]
    .map(([path, evidence]) => ({
      path,
      score: evidence.reduce((sum, one) => sum + one.value, 0) / total,
      why: evidence.sort((a, b) => b.value - a.value).map((one) => one.why),
    }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
}
