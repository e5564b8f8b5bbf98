import { kindOfPath, type PathKind } from '../paths.ts'
import type { Scored } from './score.ts'

export interface Likely extends Scored {
  /** That the feature changes the file, from 0 to 1. */
  readonly probability: number
}

interface Calibration {
  readonly base: number
  /** Of the log of a file's share: e to its score, over the sum of all files of its kind. */
  readonly share: number
  /** Of the log of its place among the files of its kind, from 1. */
  readonly place: number
}

/** Logistic regressions (Platt 1999) fitted by bench/fit-ranking.ts; how reliable they are: docs/results.md#calibration. */
export const CALIBRATION: Readonly<Record<PathKind, Calibration>> = {
  source: { base: 2.71, share: 1.07, place: -0.16 },
  test: { base: 0.26, share: 0.4, place: -0.83 },
  doc: { base: -0.56, share: 0.27, place: -1.16 },
  other: { base: -0.62, share: 0.61, place: -0.94 },
}

/**
 * How likely each ranked file is to be changed, best first. ranked: best first. Pure; O(n log n).
 * shift: added to all log odds, what a repository has taught of how wide its features are.
 */
export function likelihood(ranked: readonly Scored[], shift = 0, calibration = CALIBRATION): Likely[] {
  const kinds = new Map<PathKind, { sum: number; place: number }>()
  const top = ranked[0]?.score ?? 0
  for (const { path, score } of ranked) {
    const kind = kinds.get(kindOfPath(path)) ?? { sum: 0, place: 0 }
    kinds.set(kindOfPath(path), { ...kind, sum: kind.sum + Math.exp(score - top) })
  }
  return ranked
    .map((file) => {
      const kind = kinds.get(kindOfPath(file.path))!
      kind.place++
      const { base, share, place } = calibration[kindOfPath(file.path)]
      const log = shift + base + share * (file.score - top - Math.log(kind.sum)) + place * Math.log(kind.place)
      return { ...file, probability: 1 / (1 + Math.exp(-log)) }
    })
    .sort((a, b) => b.probability - a.probability || b.score - a.score || (a.path < b.path ? -1 : 1))
}
