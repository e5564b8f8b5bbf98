import { isAbsolute } from 'node:path'
import { ownEnvironment } from '../processes/own-environment.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Setting = readonly [key: string, value: string]

// git variables that are passed on: those that say where its settings are, and those that restrict it. Others name another repository
// (inside a hook), change the output, or name a program.
const KEPT =
  /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|ALLOW_PROTOCOL|PROTOCOL_FROM_USER|ATTR_NOSYSTEM|NO_REPLACE_OBJECTS)$/
const PROGRAMS = /^(PAGER|EDITOR|VISUAL|SSH_ASKPASS.*|PREFIX)$/i

/** Options of interpreters. A filter may be a script, and these options may name modules in the current folder. */
const OPTIONS = /^(PERL5OPT|RUBYOPT|NODE_OPTIONS)$/

// Settings that define the location and format of the repository: git -c core.worktree=... passes them on to its hooks.
const PLACE = /^(core\.(worktree|bare|repositoryformatversion)|extensions\..*)$/i

/**
 * The environment of our git processes. The user's settings in GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS (`git -c`, inside a hook) are
 * kept, except those that define the repository's location. No optional locks (our `git status` never makes the user's `git commit` fail),
 * no prompts. Objects that a partial clone lacks are not fetched: its settings name the program that would do it.
 */
export function gitEnvironment(env: Environment = { ...process.env }): Record<string, string> {
  const kept = Object.entries(ownEnvironment(env)).filter(
    ([name, value]) => isKept(name) && !isInRepository(name, value),
  )
  const settings = [...countedSettings(env), ...passedSettings(env)].filter(([key]) => !PLACE.test(key))
  return {
    ...Object.fromEntries(kept),
    ...(settings.length > 0 ? { GIT_CONFIG_COUNT: String(settings.length) } : {}),
    ...Object.fromEntries(
      settings.flatMap(([key, value], i) => [
        [`GIT_CONFIG_KEY_${i}`, key],
        [`GIT_CONFIG_VALUE_${i}`, value],
      ]),
    ),
    ...{ GIT_TRACE2: '0', GIT_TRACE2_PERF: '0', GIT_TRACE2_EVENT: '0' }, // on standard error they would mix with its messages
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    // a filter such as `python3 -m nbstripout` takes no module from the current folder (Python 3.11 and newer)
    PYTHONSAFEPATH: env.PYTHONSAFEPATH ?? '1',
  }
}

/** Whether a variable places settings relative to the current folder. */
function isInRepository(name: string, value: string): boolean {
  return /^(HOME|XDG_CONFIG_HOME|GIT_CONFIG_(GLOBAL|SYSTEM))$/.test(name) && !isAbsolute(value)
}

function isKept(name: string): boolean {
  return /^GIT_/i.test(name) ? KEPT.test(name) : !PROGRAMS.test(name) && !OPTIONS.test(name)
}

function countedSettings(env: Environment): Setting[] {
  const count = Number(env.GIT_CONFIG_COUNT ?? 0)
  const settings: Setting[] = []
  for (let i = 0; i < Math.min(count, 1000); i++) {
    const [key, value] = [env[`GIT_CONFIG_KEY_${i}`], env[`GIT_CONFIG_VALUE_${i}`]]
    if (key !== undefined && value !== undefined) settings.push([key, value])
  }
  return settings
}

/**
 * Format of GIT_CONFIG_PARAMETERS: 'core.pager'='cat' 'core.bare=false' 'core.quotePath', each part in shell quotes. Unreadable parts are
 * skipped.
 */
function passedSettings(env: Environment): Setting[] {
  const quoted = String.raw`'(?:[^']|'\\['!]')*'`
  const each = new RegExp(String.raw`(${quoted})(?:=(${quoted})?)?(?=\s|$)`, 'g')
  return [...(env.GIT_CONFIG_PARAMETERS ?? '').matchAll(each)].map(([whole, first, second]) => {
    const name = unquote(first!)
    if (whole !== first) return [name, unquote(second ?? "''")]
    const at = name.indexOf('=')
    return at < 0 ? [name, 'true'] : [name.slice(0, at), name.slice(at + 1)] // git before 2.31 quoted name and value together
  })
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/'\\(['!])'/g, '$1')
}
