import { realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { UserError } from '../errors.ts'
import { isLink } from './is-link.ts'

/**
 * Throws UserError if an output path that the user named is a symbolic link of the repository, or leads through one: whoever made the
 * repository would choose which file is overwritten. Links outside of the repository are the user's own.
 */
export function requireNoLink(root: string, given: string): void {
  const top = realpathSync(root)
  for (let at = resolve(given); dirname(at) !== at; at = dirname(at))
    if (isLinkIn(top, at))
      throw new UserError(
        `${given} leads through a symbolic link of the repository, ${at}`,
        'name the place that it leads to, if you mean that one',
      )
}

/** Whether a path is a link that lies in the repository. */
function isLinkIn(top: string, path: string): boolean {
  if (!isLink(path)) return false
  const folder = realpathSync(dirname(path))
  return folder === top || folder.startsWith(`${top}${sep}`)
}
