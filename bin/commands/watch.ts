import type { Command, ExitCode } from '../command.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION, MODEL_OPTION } from './options.ts'

const ACTIONS: Readonly<Record<string, string>> = {
  start: 'in the background',
  stop: 'end it',
  restart: 'end it and start it again',
  status: 'what it does, and why',
  logs: 'what it did',
  install: 'start it with your session (systemd, launchd)',
  uninstall: 'undo that',
}

export const watch: Command = {
  name: 'watch',
  summary: 'the daemon: run sleep passes while the repository is idle',
  details: `Watches the repository, keeps its facts up to date, and summarises while you rest: a short pass after some minutes, a long one after half an hour. Your first change ends a pass at once. A model is called only if one is set and the user configuration (~/.config/repose/config.json) has a cap for a day or a month, as in {"caps": {"dayTokens": 500000}}.\n\nActions: ${Object.entries(
    ACTIONS,
  )
    .map(([name, text]) => `${name} (${text})`)
    .join(', ')}. Without one it runs here, until Ctrl-C.`,
  argument: { name: 'action', text: 'one of these; none: run here', isOptional: true, choices: Object.keys(ACTIONS) },
  options: [
    {
      flags: '--also <dir>',
      text: 'another repository for the same daemon; may be repeated',
      kind: 'list',
      takes: 'folder',
    },
    { flags: '--all', text: 'the repositories listed in the user configuration too (repositories)' },
    { flags: '--lines <n>', text: 'with logs: how many (default: 50)', kind: 'integer' },
    { flags: '--follow', text: 'with logs: keep printing new lines' },
    { flags: '--yes', text: 'with install and uninstall: do it; without --yes it is only shown, with exit code 1' },
    MODEL_OPTION,
    { ...JSON_OPTION, text: 'print one JSON document; of logs, and of a daemon that runs here, one a line' },
  ],
  examples: [
    'repose watch',
    'repose watch start',
    'repose watch status --json',
    'repose watch logs --json --follow',
    'repose watch install',
  ],
  async run(wire, action, values) {
    const wires = await wiresOf(wire, values.also as readonly string[] | undefined, values.all === true)
    return run(action, wires, {
      json: wire.flags.json,
      yes: values.yes === true,
      lines: values.lines as number | undefined,
      follow: values.follow === true,
    })
  },
}

export interface WatchFlags {
  readonly json: boolean
  readonly yes: boolean
  readonly lines: number | undefined
  readonly follow: boolean
}

async function run(action: string, wires: readonly Wire[], flags: WatchFlags): Promise<ExitCode> {
  if (action === '') return (await import('./watch-run.ts')).runHere(wires, flags.json)
  if (action === 'install' || action === 'uninstall') {
    const unit = await import('./watch-unit.ts')
    return action === 'install'
      ? unit.install(wires, flags.yes, flags.json)
      : unit.uninstall(wires, flags.yes, flags.json)
  }
  const control = await import('./watch-control.ts')
  if (action === 'start') return control.start(wires, flags.json)
  if (action === 'stop') return control.stop(wires, flags.json)
  if (action === 'restart') return control.restart(wires, flags.json)
  if (action === 'status') return control.status(wires, flags.json)
  return control.logs(wires[0]!, flags.lines ?? 50, flags.follow, flags.json)
}

/** One for each repository, without duplicates; the first is the one of --repo. */
async function wiresOf(wire: Wire, also: readonly string[] = [], isAll: boolean): Promise<Wire[]> {
  const { addRepositories } = await import('./watch-repositories.ts')
  const named = await addRepositories([wire], also)
  return isAll ? addRepositories(named, (await wire.config()).repositories, true) : named
}
