import { createHash } from 'node:crypto'

// Part of every file's hash: change it when show-file.ts shows a file differently.
const SHOWN = 'file, 6000 tokens, telling bodies first'

/** sha-256 (hex) of parts in order; different lists have different hashes. */
export function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`)
  return hash.digest('hex')
}

/**
 * Hash of what a model is shown of a file. It uses git's blob id, which is a hash of the text, so that no file is read
 * to see whether a summary is fresh. The path is not part of it: a summary is found again after a rename, on another
 * branch, or in another worktree. language: id in LANGUAGES; '' for text only.
 */
export function fileSourceHash(blob: string, language: string): string {
  return hashOf([SHOWN, blob, language])
}

/** A member of a folder or of the repository, as shown for its summary. */
export interface Member {
  /** As shown: 'cart.ts', 'tax/'. */
  readonly name: string
  /** Hash of what is said of it, without its name. */
  readonly key: string
}

export interface MembersHash {
  /** Hash of what is said of the members and of `more`, without names. */
  readonly said: string
  /** `said`, followed by the hash of the names: the source hash of the summary. */
  readonly whole: string
  /** Names of the members, in the order of their keys. If `said` is equal, the members and their order are the same. */
  readonly names: readonly string[]
}

/**
 * Hash of what a model is shown of a folder's members. If only names differ, hashes begin alike, so that renaming a
 * member costs no call (exchange-names.ts replaces the names). more: what else is shown.
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
