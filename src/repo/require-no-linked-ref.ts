import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { isLink } from '../files/is-link.ts'

/**
 * Throws UserError if git would write a ref, or the log that it keeps of it, through a symbolic link. The link may have come with a git
 * folder of others: through it git would write and delete branches elsewhere, or write words of the settings into files there.
 *
 * The ref itself may be a link, since git replaces it. If HEAD names the ref, git writes the log of HEAD, too.
 */
export function requireNoLinkedRef(commonDir: string, ref: string): void {
  requireNoLinkAmong(commonDir, [...withFolders(ref).slice(0, -1), ...withFolders(`logs/${ref}`), 'logs/HEAD'], ref)
}

/** The same for the folder in which git registers a new worktree. */
export function requireNoLinkedWorktrees(commonDir: string): void {
  requireNoLinkAmong(commonDir, ['worktrees'], 'a worktree')
}

function requireNoLinkAmong(commonDir: string, paths: readonly string[], what: string): void {
  for (const path of paths)
    if (isLink(join(commonDir, path)))
      throw new UserError(
        `${join(commonDir, path)} is a symbolic link, and git would write ${what} through it`,
        'see where it leads, and delete the link',
      )
}

/** 'a/b/c': a, a/b and a/b/c. */
function withFolders(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}
