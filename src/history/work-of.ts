import type { RepoPath } from '../types.ts'
import type { MainlineCommit } from './read-mainline.ts'

/** What a commit did to the files that existed before it. */
export interface Work {
  /** Existing files that it changed, by their paths before it. */
  readonly modified: readonly RepoPath[]
  readonly created: readonly RepoPath[]
  readonly deleted: readonly RepoPath[]
  /** It moved more files than it changed. */
  readonly isMove: boolean
}

const CHANGED_MUCH = 90 // percent of a renamed file's content that stayed; from here on it was only moved
const BOT = /\[bot\]$|^(renovate|dependabot|greenkeeper|weblate|hosted weblate|pre-commit)/i

/** Used in the same way for tasks and for recipes. */
export function workOf({ changes }: Pick<MainlineCommit, 'changes'>): Work {
  const pathsOf = (one: string) => changes.filter(({ kind }) => kind === one).map(({ path }) => path)
  const modified = changes
    .filter(({ kind, similarity }) => kind === 'modified' || (kind === 'renamed' && similarity < CHANGED_MUCH))
    .map(({ path }) => path)
  return {
    modified,
    created: pathsOf('created'),
    deleted: pathsOf('deleted'),
    isMove: pathsOf('renamed').length > modified.length,
  }
}

/** True if a bot made the commit. */
export function isByBot({ author }: Pick<MainlineCommit, 'author'>): boolean {
  return BOT.test(author)
}
