import type { RepoPath } from '../types.ts'
import type { PathReason, PathRule } from './default-ignores.ts'

/** The files of a tree that are read, and those that are left out. */
export interface Listing {
  /** Files of the working tree with the id that git gives (or would give) their content. Sorted by path. */
  readonly files: readonly ListedFile[]
  readonly leftOut: readonly ({ readonly path: RepoPath } & LeftOut)[]
  /** Equal digests mean equal listings. */
  readonly digest: string
}

export interface ListedFile {
  readonly path: RepoPath
  readonly blob: string
  /** The rule by which it is listed with its history but not read. */
  readonly unread?: PathRule
  /** It is read whatever its text is: see PathVerdict. */
  readonly isWanted?: true
}

/** rule: absent if the reason is complete without it. */
export interface LeftOut {
  readonly reason: PathReason
  readonly rule?: string
}
