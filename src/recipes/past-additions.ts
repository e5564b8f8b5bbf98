import { recipeTerms } from '../request/request-terms.ts'
import type { RepoPath } from '../types.ts'
import type { PastAddition } from './addition.ts'
import { isWrittenByTool, patternsOf } from './places.ts'

/** An addition with the fields by which additions are grouped. */
export interface Past extends PastAddition {
  /** Files that it changed or created, without those that tools write. */
  readonly files: readonly PastFile[]
  /** Terms of the title, each once. */
  readonly terms: ReadonlySet<string>
  /** 1 for the newest addition; it halves every three years before that. */
  readonly weight: number
}

export interface PastFile {
  readonly path: RepoPath
  readonly isNew: boolean
  readonly patterns: readonly string[]
}

const HALF_LIFE = 3 * 365 * 86_400 // seconds; one year and no half-life give the same result

/** additions: newest first. */
export function pastOf(additions: readonly PastAddition[]): Past[] {
  const newest = additions[0]?.time ?? 0
  return additions.map((addition) => ({
    ...addition,
    files: [...filesOf(addition.modified, false), ...filesOf(addition.created, true)],
    terms: recipeTerms(addition.title),
    weight: 2 ** ((addition.time - newest) / HALF_LIFE),
  }))
}

function filesOf(paths: readonly RepoPath[], isNew: boolean): PastFile[] {
  return paths.filter((path) => !isWrittenByTool(path)).map((path) => ({ path, isNew, patterns: patternsOf(path) }))
}
