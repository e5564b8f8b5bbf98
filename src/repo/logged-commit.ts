import type { RepoPath } from '../types.ts'

/** One commit of the log. */
export interface LoggedCommit {
  readonly hash: string
  /** The requested fields in order, as plain text without secrets, each cut to 20,000 bytes. */
  readonly fields: readonly string[]
  /** At most the first 2,000. */
  readonly changes: readonly LoggedChange[]
  /**
   * A content that git needs to detect renames and that this clone lacks (a partial clone). Only renames without an edit are then reported.
   * null: all renames are.
   */
  readonly missing: string | null
}

/** True for the beginning of a change in `git log --raw`. Its paths follow. */
export function isChange(text: string): boolean {
  return /^\n?:\d+ \d+ \w+ \w+ [A-Z]\d*$/.test(text)
}

/** A changed file. What precedes the paths is read only when it is asked for: a cold index needs little of it. */
export class LoggedChange {
  readonly #raw: string // ':100644 100644 id id R90', in the first of a commit after a line end
  /** After the commit; for a deleted file, before it. A secret in it is removed: no file with such a path is read. */
  readonly path: RepoPath
  /** The path before the rename; null: not renamed. */
  readonly was: RepoPath | null

  constructor(raw: string, path: RepoPath, was: RepoPath | null) {
    this.#raw = raw
    this.path = path
    this.was = was
  }

  /** A, D, M, R or T. */
  get letter(): string {
    return this.#raw[this.#raw.lastIndexOf(' ') + 1]!
  }

  /** Percentage of the content that a renamed file kept. Otherwise 100. */
  get similarity(): number {
    return this.letter === 'R' ? Number(this.#raw.slice(this.#raw.lastIndexOf('R') + 1)) : 100
  }

  /** Before and after. */
  get modes(): readonly [string, string] {
    const [before, after] = this.#raw.slice(this.#raw.indexOf(':') + 1).split(' ')
    return [before!, after!]
  }

  /** Content ids, before and after. */
  get blobs(): readonly [string, string] {
    const [, , before, after] = this.#raw.split(' ')
    return [before!, after!]
  }

  /** The same change with other paths. */
  withPaths(change: (path: RepoPath) => RepoPath): LoggedChange {
    return new LoggedChange(this.#raw, change(this.path), this.was === null ? null : change(this.was))
  }
}
