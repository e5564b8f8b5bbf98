import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RepoPath } from '../types.ts'
import { APPLY, clashingFiles } from './apply-result.ts'
import { GitError, git, splitNul } from './git.ts'

/**
 * The tree of a commit with a diff applied: three-way where the diff does not fit as it is. conflicts: files in which both sides changed
 * the same lines. Writes objects; files, index and refs stay unchanged.
 */
export async function treeWith(
  root: string,
  commit: string,
  diff: string,
): Promise<{ readonly tree: string } | { readonly conflicts: readonly RepoPath[] }> {
  const scratch = await mkdtemp(join(tmpdir(), 'repose-draft-'))
  const env = { GIT_INDEX_FILE: join(scratch, 'index') }
  const run = (args: readonly string[], input?: string) =>
    git(root, ['-c', 'core.splitIndex=false', ...args], { env, input })
  try {
    await run(['read-tree', commit])
    try {
      await run([...APPLY, '--3way', '--cached'], diff)
    } catch (error) {
      if (!(error instanceof GitError)) throw error
      const unmerged = splitNul(await run(['ls-files', '--unmerged', '-z']))
      const conflicts = [...new Set(unmerged.map((line) => line.slice(line.indexOf('\t') + 1)))]
      return { conflicts: conflicts.length > 0 ? conflicts : await clashingFiles(root, diff, ['--cached'], env) }
    }
    return { tree: (await run(['write-tree'])).trim() }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
