import { rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { GitError, type git } from './git.ts'
import type { WorktreeOwner } from './worktree-owner.ts'

/**
 * Takes an agent's worktree away, whatever is left of it. folder: the one made for the run, with `root` below it.
 * Dependency links go first, so that nothing can follow them.
 */
export async function removeWorktree(
  folder: string,
  { commonDir, root, links }: Pick<WorktreeOwner, 'commonDir' | 'root' | 'links'>,
  run: typeof git,
): Promise<void> {
  for (const link of links) {
    await unlink(join(root, link)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
    })
  }
  try {
    // By name, not `worktree prune`: that would also drop worktrees of the user on a disk that is not mounted now.
    await run(commonDir, ['worktree', 'remove', '--force', '--force', root])
  } catch (error) {
    if (!(error instanceof GitError) || !/is not a working tree/.test(error.stderr)) throw error
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
