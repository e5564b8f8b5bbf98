import { isAbsolute, relative, resolve, sep } from 'node:path'
import { UserError } from '../errors.ts'

/** The paths of --allow, relative to the top of the repository. Throws UserError for one outside it. */
export function allowedPaths(root: string, given: readonly string[]): readonly string[] {
  return given.map((path) => {
    const within = relative(root, resolve(root, path))
    if (path.trim() === '' || within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within))
      throw new UserError(
        `--allow takes a path in the repository, not '${path}'`,
        'name it from the top: --allow .npmrc',
      )
    return within.split(sep).join('/')
  })
}
