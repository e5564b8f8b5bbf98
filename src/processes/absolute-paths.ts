import { delimiter, isAbsolute } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** The absolute entries of a list of paths. An empty or relative entry leads into the current folder, which may be a repository. */
export function absolutePaths(list: string): string {
  return list.split(delimiter).filter(isAbsolute).join(delimiter)
}

/**
 * The variables that tell the loader of the system (ld.so, dyld) where libraries are, with their absolute entries only. LD_PRELOAD and
 * LD_AUDIT keep names without a folder, too: the loader looks for them there. The variables count for each program that is started:
 * `LD_LIBRARY_PATH=/opt/cuda/lib64:` loads libraries from the current folder.
 */
export function absoluteLibraries(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      if (!value || !LOADER.test(name)) return []
      const entries = value
        .split(/[:; ]/)
        .filter((entry) => isAbsolute(entry) || (NAMES.test(name) && /^[^/]+$/.test(entry)))
      return [[name, entries.join(':')]]
    }),
  )
}

const LOADER = /^(?:LD|DYLD)_(?:\w+_)?(?:PATH|PRELOAD|AUDIT|LIBRARIES)$/
const NAMES = /^LD_(?:PRELOAD|AUDIT)$/
