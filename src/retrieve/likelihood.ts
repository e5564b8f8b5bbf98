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
  /** Of its score: how much evidence there is at all. The best page of a project that never changes pages has little. */
  readonly score: number
}

/** Logistic regressions (Platt 1999) fitted by bench/fit-ranking.ts; how reliable they are: docs/results.md#ranking. */
export const CALIBRATION: Readonly<Record<PathKind, Calibration>> = {
  source: { base: 2.29, share: 1.03, place: -0.14, score: 0.06 },
  test: { base: -2.01, share: 0.38, place: -0.46, score: 0.49 },
  doc: { base: -4.08, share: 0.22, place: -0.55, score: 0.97 },
  other: { base: -3.53, share: 0.49, place: -0.34, score: 0.86 },
}

const DONE_BEFORE = 0.5 // of the files of a precedent so many are changed, however little else speaks for them
const SPOKEN_FOR = 0.1 // and few of those for which nothing else does: docs/tried.md#what-is-set-by-hand

/**
 * How likely each ranked file is to be changed, best first. ranked: best first. Pure; O(n log n).
 * shift: added to all log odds, what a repository has taught of how wide its features are.
 */
export function likelihood(ranked: readonly Scored[], shift = 0, calibration = CALIBRATION): Likely[] {
  const kinds = new Map<PathKind, { sum: number; place: number }>()
  const top = ranked[0]?.score ?? 0
  for (const { path, score } of ranked) {
    const kind = kinds.get(kindOfPath(path)) ?? { sum: 0, place: 0 }
    kind.sum += Math.exp(score - top)
    kinds.set(kindOfPath(path), kind)
  }
  return ranked
    .map((file) => {
      const name = kindOfPath(file.path)
      const kind = kinds.get(name)!
      kind.place++
      const { base, share, place, score } = calibration[name]
      const inKind = file.score - top - Math.log(kind.sum)
      const own = shift + (file.shift ?? 0)
      const log = own + base + share * inKind + place * Math.log(kind.place) + score * file.score
      const told = 1 / (1 + Math.exp(-log))
      const isDoneBefore = file.isPrecedent && told >= SPOKEN_FOR
      const least = Math.max(file.least ?? 0, isDoneBefore ? DONE_BEFORE : 0)
      return { ...file, probability: Math.max(least, told) }
    })
    .sort((a, b) => b.probability - a.probability || b.score - a.score || (a.path < b.path ? -1 : 1))
}
