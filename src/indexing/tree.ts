import { join } from 'node:path'
import { hashFiles } from '../repo/list-files.ts'
import type { Listing } from '../repo/listing.ts'
import type { RepoPath } from '../types.ts'

/** The source of facts: a working tree, or the tree of a past commit. */
export interface Tree {
  readonly listing: Listing
  /** Absolute path of a file that holds this content; it may be gone by now. */
  fileOf(path: RepoPath, blob: string): string
  /** git's ids of these files' contents now; a file that is gone is missing. */
  hash(paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, string>>
}

export function workingTree(root: string, listing: Listing): Tree {
  return { listing, fileOf: (path) => join(root, path), hash: (paths) => hashFiles(root, paths) }
}
