import { isSource } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import type { Ranking } from './arm.ts'
import { type FileScore, f1, fileScore, recall } from './file-score.ts'

/** All from 0 to 1, over source files only; precision, recall and F1 are of the named files. */
export interface Figures extends FileScore {
  /** Recall: share of the changed files among the first k. */
  readonly recall5: number
  readonly recall10: number
  readonly recall20: number
  readonly recall50: number
  /** Reciprocal rank of the first changed file. */
  readonly reciprocalRank: number
  /** Of the first five. */
  readonly f1At5: number
}

export const FIGURES = [
  'recall5',
  'recall10',
  'recall20',
  'recall50',
  'reciprocalRank',
  'f1At5',
  'precision',
  'recall',
  'f1',
] as const satisfies readonly (keyof Figures)[]

export interface Score extends Figures {
  /** Changed files with their rank among the listed source files, from 1; null: not listed. */
  readonly places: readonly { readonly path: RepoPath; readonly place: number | null }[]
  readonly named: readonly RepoPath[]
}

/** Compares a ranking with the changed source files. changed: at least one. Linear in the ranking. */
export function score(ranking: Ranking, changed: readonly RepoPath[]): Score {
  const files = [...new Set(ranking.files.filter(isSource))]
  const named = [...new Set(ranking.named.filter(isSource))]
  const placeOf = new Map(files.map((path, i) => [path, i + 1]))
  const places = changed.map((path) => ({ path, place: placeOf.get(path) ?? null }))
  const found = places.flatMap(({ place }) => (place === null ? [] : [place]))
  const recallAt = (k: number) => recall(files.slice(0, k), changed)
  return {
    recall5: recallAt(5),
    recall10: recallAt(10),
    recall20: recallAt(20),
    recall50: recallAt(50),
    reciprocalRank: found.length === 0 ? 0 : 1 / Math.min(...found),
    f1At5: f1(files.slice(0, 5), changed),
    ...fileScore(named, changed),
    places,
    named,
  }
}
