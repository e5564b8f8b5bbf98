/** Hooks of the commands that repose runs. */
const EVENTS = ['post-checkout', 'post-index-change', 'pre-auto-gc', 'pre-push', 'reference-transaction']

/** Hooks of a repository on this machine that something is pushed to. */
export const RECEIVING = ['pre-receive', 'update', 'proc-receive', 'post-receive', 'post-update', 'push-to-checkout']

/** git commands of repose that change an index, refs or a working tree: others run no hook. */
const RUN_HOOKS = new Set([
  ...['apply', 'checkout-index', 'fetch', 'push', 'read-tree', 'reset', 'update-index', 'update-ref', 'worktree'],
])

/** Arguments that list the names of hooks in settings, NUL-separated: 'hook.lint.command'. */
export const LIST_HOOKS = ['config', '--null', '--name-only', '--get-regexp', '^hook\\.']

/** Whether a git command could run a hook that settings name. args: without those of ALWAYS. */
export function mayRunHooks(args: readonly string[]): boolean {
  return RUN_HOOKS.has(args[commandAt(args)] ?? '')
}

/** Where the name of the command is among the arguments of git. */
export function commandAt(args: readonly string[]): number {
  let at = 0
  while (args[at]?.startsWith('-')) at += args[at] === '-c' ? 2 : 1
  return at
}

/** Whether this version runs hooks of settings (`hook.NAME.command`), which core.hooksPath leaves alone. said: 'git version 2.54.0' */
export function hasConfiguredHooks(said: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said) ?? []
  return major === undefined || Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 54)
}

/**
 * Adds settings to an environment that turn every hook off: by the events, which git reads from 2.55, and by the names, which a repository
 * chooses. listed: output of LIST_HOOKS. more: further events.
 */
export function withoutHooks(
  env: Readonly<Record<string, string>>,
  listed: string,
  more: readonly string[] = [],
): Record<string, string> {
  const names = listed.split('\0').flatMap((key) => /^hook\.(.*)\.[\w-]+$/s.exec(key)?.[1] ?? [])
  const count = Number(env.GIT_CONFIG_COUNT ?? 0)
  const settings = [...new Set([...EVENTS, ...more, ...names])].map((name, i) => [
    [`GIT_CONFIG_KEY_${count + i}`, `hook.${name}.enabled`],
    [`GIT_CONFIG_VALUE_${count + i}`, 'false'],
  ])
  return { ...env, ...Object.fromEntries(settings.flat()), GIT_CONFIG_COUNT: String(count + settings.length) }
}
