import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { quoteForShell } from '../../src/processes/quote-for-shell.ts'
import type { Command, ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'

export const hook: Command = {
  name: 'hook',
  summary: 'run repose check before each commit, by a hook of git',
  details:
    'install adds a few marked lines to .git/hooks/pre-commit after its first line, or creates that file; all worktrees share it. uninstall gives it the bytes that it had before. Without --strict the hook only warns; it never stops a commit because repose itself fails. If husky, lefthook, simple-git-hooks, pre-commit or core.hooksPath manages the hooks, nothing is written, and the line to add there is printed.',
  argument: {
    name: 'action',
    text: 'install, uninstall, or status (default)',
    isOptional: true,
    choices: ['install', 'uninstall', 'status'],
  },
  options: [
    {
      flags: '--strict',
      text: 'with install: stop a commit if repose check names something (git commit -n skips the hook)',
    },
    JSON_OPTION,
  ],
  examples: ['repose hook install', 'repose hook install --strict', 'repose hook status', 'repose hook uninstall'],
  async run(wire, action, values) {
    const place = await placeOf(wire, values)
    if (action === 'install') return install(wire, place)
    return action === 'uninstall' ? uninstall(wire, place) : status(wire, place)
  },
}

type Place = Awaited<ReturnType<typeof placeOf>>

async function placeOf(wire: Wire, { strict }: Values) {
  const [{ NoCommits }, { hooksPath }, { hookManager }, { readRegularText }] = await Promise.all([
    import('../../src/repo/open-repo.ts'),
    import('../../src/repo/hooks-path.ts'),
    import('../../src/hooks/hook-manager.ts'),
    import('../../src/files/read-regular.ts'),
  ])
  const repo = await wire.repo().catch((error: unknown) => {
    if (error instanceof NoCommits) return error // hooks may be installed before the first commit
    throw error
  })
  const { folder, configured } = await hooksPath(repo)
  const path = join(folder, 'pre-commit')
  const line = `repose check --staged${strict ? ' --strict' : ''}`
  const hookText = readRegularText(path, { followLink: true })
  return { path, line, manager: hookManager(repo.root, { configured, hook: hookText, line }) }
}

async function install(wire: Wire, { path, line, manager }: Place): Promise<ExitCode> {
  if (manager) {
    if (wire.flags.json) wire.printJson({ action: 'install', isInstalled: false, manager })
    wire.sayFailure(`nothing was written: ${manager.name} manages the hooks of this repository`, manager.fix)
    return 1
  }
  const { installHook } = await import('../../src/hooks/hook-file.ts')
  const done = installHook(path, linesOf(line), line)
  if (wire.flags.json) wire.printJson({ action: 'install', isInstalled: true, path, isNew: done === 'installed' })
  else wire.print(`${done === 'installed' ? 'installed' : 'installed already'}: ${path} runs ${line}`)
  return 0
}

async function uninstall(wire: Wire, { path }: Place): Promise<ExitCode> {
  const { uninstallHook } = await import('../../src/hooks/hook-file.ts')
  const done = uninstallHook(path)
  if (wire.flags.json)
    wire.printJson({ action: 'uninstall', isInstalled: false, path, wasInstalled: done === 'uninstalled' })
  else if (done === 'uninstalled') wire.print(`uninstalled: ${path} is as it was before`)
  else wire.say(`there is no hook of repose in ${path}`)
  return 0
}

async function status(wire: Wire, { path, manager }: Place): Promise<ExitCode> {
  const [{ readHook }, { hasBlock }] = await Promise.all([
    import('../../src/hooks/hook-file.ts'),
    import('../../src/hooks/fenced-block.ts'),
  ])
  let text: string | null = null
  try {
    text = readHook(path)
  } catch {
    // a link, or something else that install would leave alone
  }
  const isInstalled = text !== null && hasBlock(text)
  const isStrict = isInstalled && text!.includes('repose check --staged --strict')
  if (wire.flags.json) wire.printJson({ path, isInstalled, isStrict, manager })
  else if (isInstalled) {
    wire.print(`installed${isStrict ? ', strict' : ''}: ${path}`)
    if (manager) wire.say(`note: git does not run it, since ${manager.name} manages the hooks; ${manager.fix}`)
  } else
    wire.print(manager ? `not installed: ${manager.name} manages the hooks; ${manager.fix}` : `not installed: ${path}`)
  return 0
}

/** Lines of a shell script. They end it after findings with --strict and after an interrupt, but not if repose fails or is missing. */
function linesOf(line: string): string[] {
  const own = [process.execPath, join(PACKAGE_ROOT, 'dist/bin/repose.js')].map(quoteForShell)
  const command = line.replace(/^repose /, '')
  return [
    `if command -v repose >/dev/null 2>&1; then repose ${command}`,
    `elif [ -f ${own[1]} ]; then ${own.join(' ')} ${command}`,
    `else echo 'note: repose is not on PATH, so repose check did not run' >&2`,
    'fi || case $? in 4 | 130) exit 1 ;; esac',
  ]
}
