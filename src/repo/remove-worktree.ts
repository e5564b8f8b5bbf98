import { realpath, rm, unlink } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { removeTree } from '../files/remove-tree.ts'
import { isMounted } from '../processes/mount-points.ts'
import { GitError, type git } from './git.ts'
import type { WorktreeOwner } from './worktree-owner.ts'

const TRIES = 3
const PAUSE_MS = 300

/**
 * Removes an agent's worktree in any state. folder: the folder of the run, which contains `root`. Dependency links are removed first, so
 * that nothing can follow them.
 *
 * Returns false if a process of a cage still has it, which could lead the removal elsewhere, or if a file in it is in use, which Windows
 * does not remove. What is left stays with its owner's note for a later sweep.
 */
export async function removeWorktree(
  folder: string,
  { commonDir, root, links }: Pick<WorktreeOwner, 'commonDir' | 'root' | 'links'>,
  run: typeof git,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  if (await isMounted(root)) return false
  for (const link of links) await unlinkWithin(root, link)
  let isGone = true
  try {
    if (platform === 'win32') isGone = await isFreed(commonDir, root, run)
    else {
      await removeTree(root) // git fails at folders that may not be entered, and at very deep ones
      await unregister(commonDir, root, run)
    }
  } finally {
    if (isGone) await removeTree(folder)
  }
  return isGone
}

/** Removes a link, unless a link above it leads out of `root`: files there are not ours. */
async function unlinkWithin(root: string, link: string): Promise<void> {
  try {
    const folder = await realpath(dirname(join(root, link)))
    const top = join(await realpath(dirname(root)), basename(root)) // not what a link in its place leads to
    if (folder === top || folder.startsWith(top + sep)) await unlink(join(folder, basename(link)))
  } catch (error) {
    // missing, or a check replaced it
    if (!/^(ENOENT|ENOTDIR|ELOOP|EISDIR|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Removes a worktree's registration in git and its remaining files. */
export async function unregister(commonDir: string, root: string, run: typeof git): Promise<void> {
  try {
    // By name, not by `worktree prune`, which would also drop the user's worktrees on a disk that is not mounted now.
    // Named, since a git folder that is not called .git looks like a bare repository, which git does not open by itself.
    await run(commonDir, ['worktree', 'remove', '--force', '--force', root], { env: { GIT_DIR: commonDir } })
  } catch (error) {
    if (!(error instanceof GitError) || !/is not a working tree/.test(error.stderr)) throw error
  }
}

/** Whether `root` is gone. git removes the registration even if it could not delete all files. */
async function isFreed(commonDir: string, root: string, run: typeof git): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      await unregister(commonDir, root, run)
      await rm(root, { recursive: true, force: true })
      return true
    } catch (error) {
      if (!isInUse(error)) throw error
      if (tries === TRIES) return false
      await setTimeout(PAUSE_MS)
    }
  }
}

function isInUse(error: unknown): boolean {
  if (error instanceof GitError) return /failed to delete/.test(error.stderr)
  return /^(EBUSY|EPERM|EACCES|ENOTEMPTY)$/.test((error as NodeJS.ErrnoException).code ?? '')
}
