import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { UserError } from '../errors.ts'
import { GitError, git } from '../repo/git.ts'

/**
 * Refuses a database among the watched files: the daemon would receive events of its own writes and never rest. One git process; none
 * for a database outside the working tree or in `.git`. Throws UserError.
 */
export async function refuseOwnOutput(root: string, db: string): Promise<void> {
  const path = relative(root, join(realFolder(dirname(db)), basename(db)))
  const [top] = path.split(sep)
  if (isAbsolute(path) || top === '..' || top === '.git') return
  try {
    await git(root, ['check-ignore', '--quiet', '--no-index', `${path}.watch.log`])
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode !== 1) throw error
    throw new UserError(
      `the database ${db} lies among the files to watch, and so would all that the daemon writes`,
      `put it elsewhere, or let git ignore ${path}*`,
    )
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder)
  } catch {
    return folder // created together with the database
  }
}
