import { realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { UserError } from '../errors.ts'
import { MOST_SETTINGS, type NotRegular, readRegular, readRegularText } from '../files/read-regular.ts'
import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'

/**
 * Text of an ignore or attribute file of the working tree `root`; '' if it was deleted. Links are followed within the repository. Throws
 * UserError for an unreadable ignore file: otherwise the files that it excludes would be read and sent to a model.
 */
export function readRuleFile(root: string, path: RepoPath): string {
  if (path.endsWith('.gitattributes')) return readRegularText(join(root, path)) ?? '' // git does not follow links to attribute files, and they exclude nothing
  const read = readRegular(insideOf(root, path))
  if (typeof read !== 'string') return read.toString('utf8')
  if (read === 'absent') return ''
  throw new UserError(
    `${shownPath(path)} is ${what(read)}: what it keeps back is not known`,
    'correct it, or delete it',
  )
}

function what(reason: Exclude<NotRegular, 'absent'>): string {
  if (reason === 'a symbolic link') return 'a symbolic link that leads out of the repository or nowhere'
  return reason === 'too large' ? `larger than ${MOST_SETTINGS / 1e6} MB` : reason
}

/** The target of a link if it is in the repository; else the link itself. */
function insideOf(root: string, path: RepoPath): string {
  const absolute = join(root, path)
  try {
    const real = realpathSync(absolute)
    const inside = relative(realpathSync(root), real)
    const [top] = inside.split(sep)
    return top === '..' || top === '.git' || join(realpathSync(root), inside) !== real ? absolute : real
  } catch {
    return absolute // missing, or a circle of links: reading reports which
  }
}
