import { join } from 'node:path'
import { hashFiles } from '../repo/list-files.ts'
import type { Listing } from '../repo/listing.ts'
import type { RepoPath } from '../types.ts'

/** What facts are made from: a working tree, or the tree of a past commit. */
export interface Tree {
  readonly listing: Listing
  /** Absolute path of a file that holds this content; it may be gone by now. */
  fileOf(path: RepoPath, blob: string): string
  /** The ids that git gives these files' contents now; one that is gone is missing. */
  hash(paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, string>>
}

export function workingTree(root: string, listing: Listing): Tree {
  return { listing, fileOf: (path) => join(root, path), hash: (paths) => hashFiles(root, paths) }
}
