import type { RepoPath } from '../types.ts'

/**
 * Whether a path that git lists lies in the tree. git adds no other path, but an index or a tree of others may have '../x', and git
 * prints it unchanged. A folder may end in a slash.
 */
export function isInTree(path: RepoPath): boolean {
  return !OUTSIDE.test(path.endsWith('/') ? path.slice(0, -1) : path)
}

/** A part that is empty, '.', '..', or git's own folder. */
const OUTSIDE = /(^|\/)(\.{0,2}|\.git|git~\d+)(\/|$)/i
