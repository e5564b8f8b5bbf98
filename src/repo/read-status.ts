import type { RepoPath } from '../types.ts'
import { splitNul } from './git.ts'

/** Arguments of git whose output readStatus reads. */
export const STATUS = [
  ...['status', '--porcelain=v2', '--branch', '--no-ahead-behind', '-z'],
  ...['--untracked-files=all', '--no-renames', '--ignore-submodules=all'],
]

/** A path of which git's status says something. The letters are those of its manual: '.' is unchanged, '?' untracked. */
export interface StatusEntry {
  readonly staged: string
  readonly unstaged: string
  readonly path: RepoPath
}

const FIELDS_BEFORE_PATH: Readonly<Record<string, number>> = { '1': 8, u: 10, '?': 1 } // in a line of that kind
const HEAD = '# branch.oid '

/** Reads the output of STATUS: the checked-out commit, and each path that is not as it was committed. */
export function readStatus(output: string): { readonly head: string | null; readonly entries: readonly StatusEntry[] } {
  let head: string | null = null
  const entries: StatusEntry[] = []
  for (const line of splitNul(output)) {
    const fields = FIELDS_BEFORE_PATH[line[0]!]
    if (line.startsWith(HEAD)) head = /^[0-9a-f]{40,}$/.test(line.slice(HEAD.length)) ? line.slice(HEAD.length) : null
    if (fields === undefined) continue
    let at = 0
    for (let i = 0; i < fields; i++) at = line.indexOf(' ', at) + 1
    const [staged, unstaged] = fields === 1 ? ['?', '?'] : [line[2]!, line[3]!]
    entries.push({ staged, unstaged, path: line.slice(at) })
  }
  return { head, entries }
}
