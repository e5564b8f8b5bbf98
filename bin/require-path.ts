import { existsSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { UserError } from '../src/errors.ts'

/** Throws UserError unless a path from the top of the repository leads to a file or folder in it. A pattern may match any. */
export function requirePath(root: string, path: string): void {
  if (/[*?[]/.test(path)) return
  const [first] = relative(root, join(root, path)).split(sep)
  if (!isAbsolute(path) && first !== '..' && existsSync(join(root, path))) return
  throw new UserError(
    `there is no file or folder ${path} in this repository`,
    'name it by its path from the top of the repository, such as src',
  )
}
