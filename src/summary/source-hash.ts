import { createHash } from 'node:crypto'

// Part of every file's hash: raise it when show-file.ts shows a file otherwise.
const SHOWN = 'file, 6000 tokens, telling bodies first'

/** sha-256 (hex) of parts in order; no two lists of parts run together. */
export function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`)
  return hash.digest('hex')
}

/**
 * Hash of what a model is shown of a file. git's blob id is the hash of its text already, so nothing has to be read to
 * see whether a summary is fresh. The path is not in it: a rename, a branch or another worktree finds the summary again.
 * language: id in LANGUAGES; '' for text only.
 */
export function fileSourceHash(blob: string, language: string): string {
  return hashOf([SHOWN, blob, language])
}

/** A part of a folder or the repository, as its summary is written from it. */
export interface Member {
  /** As shown: 'cart.ts', 'tax/'. */
  readonly name: string
  /** Of what is said of it, whatever it is called. */
  readonly key: string
}

export interface MembersHash {
  /** Of what is said of the members and of `more`, without names. */
  readonly said: string
  /** Begins with `said`, goes on with the hash of the names: the source hash of the summary. */
  readonly whole: string
  /** Of the members, in the order of their keys: equal `said`, same members in the same order. */
  readonly names: readonly string[]
}

/**
 * Hash of what a model is shown of a folder's members. When only names differ, summaries begin alike: renaming a member
 * must not cost a call (exchange-names.ts puts the new names in). more: what else is shown.
 */
export function membersHash(members: readonly Member[], more: readonly string[] = []): MembersHash {
  const sorted = [...members].sort((a, b) => compare(a.key, b.key) || compare(a.name, b.name))
  const names = sorted.map(({ name }) => name)
  const said = hashOf(['members', ...more, ...sorted.map(({ key }) => key)])
  return { said, whole: `${said}-${hashOf(names).slice(0, 16)}`, names }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
