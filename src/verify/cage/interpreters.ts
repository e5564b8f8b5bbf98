import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isWithin, realPath } from './mount.ts'
import { linksIn, partsOf } from './path-folders.ts'

/**
 * What is installed in the folders of Python to which programs of an environment (.venv) are links. A link to anything else shows nothing:
 * the environment may have come with the repository.
 */
export function interpreters(environment: string, isShared: (path: string) => boolean): readonly string[] {
  const installations = linksIn(join(environment, 'bin')).flatMap((link) => {
    const real = realPath(link)
    const around = real === null || basename(dirname(real)) !== 'bin' ? null : dirname(dirname(real))
    return around === null || isWithin(around, environment) || isShared(around) || !isPython(around) ? [] : [around]
  })
  return [...new Set(installations)].flatMap((folder) => partsOf(folder))
}

function isPython(folder: string): boolean {
  try {
    return readdirSync(join(folder, 'lib')).some((name) => /^(python|pypy)\d/.test(name))
  } catch {
    return false
  }
}
