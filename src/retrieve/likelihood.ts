import { kindOfPath, type PathKind } from '../paths.ts'
import type { Scored } from './score.ts'

export interface Likely extends Scored {
  /** That the feature changes the file, from 0 to 1. */
  readonly probability: number
}

interface Calibration {
  readonly base: number
  /** Of the log of a file's share: e to its score, over what sumsByKind says of its kind. */
  readonly share: number
  /** Of the log of its place among the files of its kind, from 1. */
  readonly place: number
  /** Of its score: how much evidence there is at all. The best page of a project that never changes pages has little. */
  readonly score: number
}

/** Logistic regressions (Platt 1999) fitted by bench/fit-ranking.ts; how reliable they are: docs/results.md#ranking. */
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
      const told = 1 / (1 + Math.exp(-log))
      return { ...file, probability: Math.max(file.least ?? 0, told) }
    })
    .sort((a, b) => b.probability - a.probability || b.score - a.score || (a.path < b.path ? -1 : 1))
}

/**
 * What the share of a file is of, by its kind: the sum of e to the scores, the best one taken off, of all files of that kind. Where configuration and
 * the like hold more than source files do, they are the program, and a source file's share is of theirs: a lone script is not the likeliest file of every request.
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
