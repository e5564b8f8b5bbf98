import { join } from 'node:path'
import type { RepoPath } from '../types.ts'
import { isInTree } from './is-in-tree.ts'
import { isLink } from './is-link.ts'
import { type RegularOptions, readRegularText } from './read-regular.ts'

/**
 * Text of a file of the working tree, as readRegularText(); null also for a path that leads out of it. A path may come from a database or an
 * index of others.
 */
export function readInTree(root: string, path: RepoPath, options?: Pick<RegularOptions, 'maxBytes'>): string | null {
  if (!isInTree(path)) return null
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
    if (isLink(join(root, path.slice(0, at)))) return null
  return readRegularText(join(root, path), options)
}
