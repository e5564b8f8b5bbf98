import { isSource } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import type { Ranking } from './arm.ts'

const NAMED = 5 // more costs precision on every repository tried, fewer costs recall

/** A ranking by scores, for arms without a cut-off of their own: they name the first five source files. */
export function nameFirst(scores: Iterable<readonly [RepoPath, number]>): Ranking {
  const files = [...scores]
    .filter(([, score]) => score > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([path]) => path)
  return { files, named: files.filter(isSource).slice(0, NAMED) }
}
