import { delimiter, isAbsolute } from 'node:path'
import { isOfWork } from './worked-on.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment for a program that repose starts for itself. Of its variables, only those for the home folder, the current folder and
 * git's settings may lead into a folder that this process works on. Variables that name code have no relative paths either.
 */
export function ownEnvironment(env: Environment = { ...process.env }): Record<string, string> {
  const given = Object.entries(env).flatMap(([name, value = '']) => {
    if (value === '' || STAYS.test(name)) return env[name] === undefined ? [] : [[name, value] as const]
    const entries = value.split(delimiter)
    const kept = entries.filter((entry) => (isAbsolute(entry) ? !isOfWork(entry) : !NAMES_CODE.test(name)))
    return kept.length > 0 ? [[name, kept.join(delimiter)] as const] : []
  })
  return { ...Object.fromEntries(given), ...absoluteLibraries(env) }
}

const STAYS = /^(HOME|USERPROFILE|PWD|OLDPWD|XDG_CONFIG_HOME|GIT_CONFIG_(GLOBAL|SYSTEM)|GIT_CEILING_DIRECTORIES)$/i
/** Variables that name places of programs, modules, libraries or scripts. */
const NAMES_CODE =
  /^(PATH|GCONV_PATH|LOCPATH|OPENSSL_(CONF|MODULES|ENGINES)|PYTHON(PATH|HOME|USERBASE|PYCACHEPREFIX)|PERL5?LIB|RUBYLIB|NODE_PATH|CLASSPATH|BASH_ENV|ENV|ZDOTDIR)$/i

function isOutside(entry: string): boolean {
  return isAbsolute(entry) && !isOfWork(entry)
}

/**
 * The variables that tell the loader of the system (ld.so, dyld) where libraries are, with the entries that are wanted: by default, absolute
 * ones outside the folders that this process works on. LD_PRELOAD and LD_AUDIT keep names without a folder, too: the loader looks them up in
 * its own folders. Every started program reads these variables: `LD_LIBRARY_PATH=/opt/cuda/lib64:` loads libraries from the current folder.
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
