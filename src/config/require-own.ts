import { realpathSync, type Stats, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { UserError } from '../errors.ts'
import { ownersOfSystem } from '../files/owners-of-system.ts'

/**
 * Throws UserError if the user's own configuration is not theirs: if it lies in the repository, since the home folder or XDG_CONFIG_HOME leads
 * there, or belongs to another user. A missing file is fine. home: the home folder that the system knows; null: none.
 */
export function requireOwn(path: string, root: string, home: string | null = systemHome()): void {
  const stats = statsOf(path)
  if (stats === null) return
  const folder = dirname(dirname(path))
  if (isInside(realpathSync(folder), realpathSync(root)) && !isLinkedAtHome(folder, root, home))
    throw new UserError(
      `${path} lies in this repository, so it is no configuration of yours`,
      'set HOME, or XDG_CONFIG_HOME, to a folder outside the repository',
    )
  const self = process.getuid?.()
  if (self === undefined || [...ownersOfSystem(), self].includes(stats.uid)) return
  if (self === 0 && String(stats.uid) === process.env.SUDO_UID) return
  throw new UserError(
    `${path} belongs to another user, so it is no configuration of yours`,
    'make a file of your own there, or set XDG_CONFIG_HOME to a folder of your own',
  )
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path)
  } catch {
    return null // it is not there; whoever reads it says why it cannot be read
  }
}

/** git's own folder does not come with a clone. */
function isInside(path: string, folder: string): boolean {
  const [first] = relative(folder, path).split(sep)
  return first !== '..' && first !== '.git'
}

/**
 * What `~/.config` leads to is the user's choice: a repository of dotfiles, for instance. If the home folder itself lies in the repository (the
 * clone of a container's user may be one), the file may have come with it.
 */
function isLinkedAtHome(folder: string, root: string, home: string | null): boolean {
  return home !== null && folder === join(home, '.config') && !isInside(realpathSync(home), realpathSync(root))
}

function systemHome(): string | null {
  try {
    return userInfo().homedir
  } catch {
    return null // the system does not know this user
  }
}
