import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../files/temporary-folder.ts'
import type { RepoPath } from '../types.ts'
import { applyThreeWay } from './apply-three-way.ts'
import { git } from './git.ts'

/**
 * The tree of a commit with a diff applied: three-way where the diff does not fit as it is. conflicts: files in which both sides changed
 * the same lines. Writes objects; files, index and refs stay unchanged.
 */
export async function treeWith(
  root: string,
  commit: string,
  diff: string,
): Promise<{ readonly tree: string } | { readonly conflicts: readonly RepoPath[] }> {
  const scratch = await mkdtemp(join(temporaryFolder(), 'repose-draft-'))
  const index = join(scratch, 'index')
  const run = (args: readonly string[]) =>
    git(root, ['-c', 'core.splitIndex=false', ...args], { env: { GIT_INDEX_FILE: index } })
  try {
    await run(['read-tree', commit])
    const conflicts = await applyThreeWay(root, diff, { index, scratch })
    return conflicts.length > 0 ? { conflicts } : { tree: (await run(['write-tree'])).trim() }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
