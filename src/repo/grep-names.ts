import type { RepoPath } from '../types.ts'
import { GitError, GitLate, streamGit } from './git.ts'

/** A place that names something. */
export interface Mention {
  readonly path: RepoPath
  readonly line: number
  readonly name: string
}

export interface GrepNamesOptions {
  /** Of git: which files. */
  readonly pathspecs: readonly string[]
  /** True: what the index holds; false: the working tree, with files that git does not know and does not ignore. */
  readonly isStaged: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** false: enough. */
  readonly onMention: (mention: Mention) => boolean
}

const TIMEOUT_MS = 2000 // a hook waits for it

/** Finds whole names in text files. One git process; after two seconds it ends with what was found so far. */
export async function grepNames(root: string, names: readonly string[], options: GrepNamesOptions): Promise<void> {
  const { pathspecs, isStaged, env, signal, onMention } = options
  if (names.length === 0) return
  const where = isStaged ? '--cached' : '--untracked'
  const how = [
    '-z',
    '-n',
    '-o',
    '-I',
    '-w',
    '-F',
    '--no-color',
    '--no-column',
    '--no-recurse-submodules',
    '--full-name',
  ]
  const args = ['grep', ...how, where, ...names.flatMap((name) => ['-e', name]), '--', ...pathspecs]
  let rest = ''
  const decoder = new TextDecoder()
  const onOutput = (chunk: Buffer) => {
    rest += decoder.decode(chunk, { stream: true })
    let end = 0
    for (const found of rest.matchAll(/([^\0]*)\0(\d+)\0([^\n]*)\n/gy)) {
      end = found.index + found[0].length
      if (!onMention({ path: found[1]!, line: Number(found[2]), name: found[3]! })) return false
    }
    rest = rest.slice(end)
    return true
  }
  try {
    await streamGit(root, args, { onOutput, timeoutMs: TIMEOUT_MS, ...(env && { env }), ...(signal && { signal }) })
  } catch (error) {
    if (error instanceof GitLate || (error instanceof GitError && error.exitCode === 1)) return // 1: no match
    throw error
  }
}
