import type { RepoPath } from '../types.ts'
import type { PathReason, PathRule } from './default-ignores.ts'

/** What of a tree is read, and what is not. */
export interface Listing {
  /** Files of the working tree with the id that git gives (or would give) their content. Sorted by path. */
  readonly files: readonly ListedFile[]
  readonly leftOut: readonly ({ readonly path: RepoPath } & LeftOut)[]
  /** Equal digests, equal listings. */
  readonly digest: string
}

export interface ListedFile {
  readonly path: RepoPath
  readonly blob: string
  /** By which rule it is listed with its history, and not read. */
  readonly unread?: PathRule
}

/** rule: absent where the reason says it all. */
export interface LeftOut {
  readonly reason: PathReason
  readonly rule?: string
}
