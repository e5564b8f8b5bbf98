import { kindOfPath, type PathKind } from '../paths.ts'
import type { Scored } from './score.ts'

export interface Likely extends Scored {
  /** Probability that the feature changes the file, from 0 to 1. */
  readonly probability: number
}

interface Calibration {
  readonly base: number
  /** Coefficient of the log of the file's share: a softmax of its score, with the denominator of sumsByKind. */
  readonly share: number
  /** Coefficient of the log of its rank among the files of its kind, from 1. */
  readonly place: number
  /**
   * Coefficient of its score, which measures how much evidence there is: the best page of a project that never changes
   * pages has little.
   */
  readonly score: number
}

/**
 * Platt scaling (Platt 1999), a logistic regression for each kind of file, fitted by bench/fit-ranking.ts. Reliability:
 * docs/results.md#ranking.
 */
export const CALIBRATION: Readonly<Record<PathKind, Calibration>> = {
  source: { base: 2.04, share: 1.02, place: -0.12, score: 0.1 },
  test: { base: -2.24, share: 0.38, place: -0.37, score: 0.53 },
  doc: { base: -3.72, share: 0.43, place: -0.34, score: 0.98 },
  other: { base: -3.57, share: 0.47, place: -0.24, score: 0.79 },
}

/**
 * How likely each ranked file is to be changed, best first. ranked: best first. Pure; O(n log n).
 */
export function likelihood(ranked: readonly Scored[], calibration = CALIBRATION): Likely[] {
  const top = ranked[0]?.score ?? 0
  const sums = sumsByKind(ranked)
  const places = new Map<PathKind, number>()
  return ranked
    .map((file) => {
      const kind = kindOfPath(file.path)
      const nth = (places.get(kind) ?? 0) + 1
      places.set(kind, nth)
      const { base, share, place, score } = calibration[kind]
      const logShare = file.score - top - Math.log(sums.get(kind)!)
      const log = (file.shift ?? 0) + base + share * logShare + place * Math.log(nth) + score * file.score
      const calibrated = 1 / (1 + Math.exp(-log))
      return { ...file, probability: Math.max(file.least ?? 0, calibrated) }
    })
    .sort((a, b) => b.probability - a.probability || b.score - a.score || (a.path < b.path ? -1 : 1))
}

/**
 * Denominator of a softmax over the files of each kind. The largest score of all files is subtracted from each score
 * first, so that exp() does not overflow. If the sum of other files is larger than that of source files, it replaces
 * theirs: configuration and the like are then the program, and a lone script is not the likeliest file of every
 * request.
 */
export function sumsByKind(ranked: readonly Pick<Scored, 'path' | 'score'>[]): ReadonlyMap<PathKind, number> {
  const top = ranked[0]?.score ?? 0
  const sums = new Map<PathKind, number>()
  for (const { path, score } of ranked) {
    const kind = kindOfPath(path)
    sums.set(kind, (sums.get(kind) ?? 0) + Math.exp(score - top))
  }
  return sums.set('source', Math.max(sums.get('source') ?? 0, sums.get('other') ?? 0))
}
