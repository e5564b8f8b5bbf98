import { delimiter, isAbsolute } from 'node:path'
import { isOfWork } from './worked-on.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The absolute entries of a list of paths that lead into no folder that this process works on. An empty or relative entry leads into the
 * current folder, which may be a repository.
 */
export function absolutePaths(list: string): string {
  return list.split(delimiter).filter(isOutside).join(delimiter)
}

/** The environment for a program of the system that repose starts for itself. */
export function ownEnvironment(env: Environment = process.env): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return {
    ...Object.fromEntries(given),
    ...absoluteLibraries(env),
    ...(env.PATH ? { PATH: absolutePaths(env.PATH) } : {}),
  }
}

function isOutside(entry: string): boolean {
  return isAbsolute(entry) && !isOfWork(entry)
}

/**
 * The variables that tell the loader of the system (ld.so, dyld) where libraries are, only with absolute entries that lead into no folder that
 * this process works on. LD_PRELOAD and LD_AUDIT keep names without a folder, too: the loader looks for them there. The variables count for
 * each program that is started: `LD_LIBRARY_PATH=/opt/cuda/lib64:` loads libraries from the current folder.
 */
export function absoluteLibraries(env: Environment, isWanted = isOutside): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      if (!value || !LOADER.test(name)) return []
      const entries = value
        .split(name === 'LD_PRELOAD' ? /[: ]/ : /[:;]/)
        .filter((entry) => isWanted(entry) || (NAMES.test(name) && /^[^/]+$/.test(entry)))
      return [[name, entries.join(':')]]
    }),
  )
}

const LOADER = /^(?:LD|DYLD)_(?:\w+_)?(?:PATH|PRELOAD|AUDIT|LIBRARIES)$/
const NAMES = /^LD_(?:PRELOAD|AUDIT)$/
