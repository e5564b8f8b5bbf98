import { realpathSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { UserError } from '../errors.ts'

/** The owner of what belongs to nobody in this container: root, usually. */
const UNKNOWN = 65534

/**
 * Throws UserError if the user's own configuration is not theirs: if it lies in the repository, since HOME or XDG_CONFIG_HOME leads there,
 * or belongs to another user. A missing file is fine.
 */
export function requireOwn(path: string, root: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return
  const folder = dirname(dirname(path))
  if (folder !== usualFolder() && isInside(realpathSync(folder), realpathSync(root)))
    throw new UserError(
      `${path} lies in this repository, so it is no configuration of yours`,
      'set HOME, or XDG_CONFIG_HOME, to a folder outside the repository',
    )
  const self = process.getuid?.()
  if (self === undefined || [0, UNKNOWN, self].includes(stats.uid)) return
  if (self === 0 && String(stats.uid) === process.env.SUDO_UID) return
  throw new UserError(
    `${path} belongs to another user, so it is no configuration of yours`,
    'make a file of your own there, or set XDG_CONFIG_HOME to a folder of your own',
  )
}

/** git's own folder does not come with a clone. */
function isInside(path: string, folder: string): boolean {
  const [first] = relative(folder, path).split(sep)
  return first !== '..' && first !== '.git'
}

/** In the home folder that the system knows. What links there lead to is the user's choice: a repository of dotfiles, for instance. */
function usualFolder(): string | null {
  try {
    return join(userInfo().homedir, '.config')
  } catch {
    return null // the system does not know this user
  }
}
