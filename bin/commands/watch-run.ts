import { type DaemonEnd, watchRepository } from '../../src/daemon/daemon.ts'
import { logPath, openLog } from '../../src/daemon/log.ts'
import { screenOf } from '../../src/daemon/screen.ts'
import type { WatchState } from '../../src/daemon/state.ts'
import { UserError } from '../../src/errors.ts'
import type { ExitCode } from '../command.ts'
import type { Wire } from '../wire.ts'
import { notifier } from './watch-notify.ts'
import { spendingOf } from './watch-spending.ts'
import { workInChild } from './watch-work.ts'

/**
 * The daemon, in this process, until the signal: a screen on a terminal, log lines elsewhere. Exit code 1 when another daemon has the
 * (only) repository.
 */
export async function runHere(wires: readonly Wire[]): Promise<ExitCode> {
  const screen = process.stdout.isTTY ? new Screen() : null
  for (const wire of wires) wire.say(await spendingOf(wire))
  const ends = await Promise.all(wires.map((wire) => watchOne(wire, screen)))
  screen?.end()
  for (const [i, { end }] of ends.entries()) if (end === 'gone') wires[i]!.say('the repository was gone for an hour')
  const [first] = ends
  if (first!.end === 'taken' && ends.every(({ end }) => end === 'taken'))
    throw new UserError(
      `another daemon watches this repository (pid ${first!.pid})`,
      'repose watch status shows it; repose watch stop ends it',
      { exitCode: 1 },
    )
  return 0
}

async function watchOne(wire: Wire, screen: Screen | null): Promise<DaemonEnd> {
  const [{ root, commonDir }, config, db] = await Promise.all([wire.repo(), wire.config(), wire.databasePath()])
  const { model } = wire.flags
  const log = openLog(logPath(db), screen ? {} : { echo: (line) => wire.print(line) })
  const notify = config.watch.notify ? notifier(root, (line) => log.write(line)) : () => {}
  const end = await watchRepository({
    root,
    commonDir,
    db,
    settings: config.watch,
    work: workInChild(root, db, model ? { REPOSE_MODEL: model, REPOSE_SLEEP_MODEL: model } : {}),
    log,
    signal: wire.signal,
    onState(state) {
      screen?.show(state)
      notify(state)
    },
  })
  if (end.end === 'taken') wire.say(`${root}: pid ${end.pid} watches it already`)
  return end
}

/** Written over itself on the terminal, at most five times a second. */
class Screen {
  readonly #states = new Map<string, WatchState>()
  #lines = 0
  #timer: NodeJS.Timeout | null = null

  show(state: WatchState): void {
    this.#states.set(state.root, state)
    this.#timer ??= setTimeout(() => this.#draw(), 200)
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }

  #draw(): void {
    this.#timer = null
    const width = process.stdout.columns || 80
    const lines = [...this.#states.values()].flatMap((state) => [...screenOf(state, Date.now()), ''])
    const text = ['repose watch (Ctrl-C ends it)', '', ...lines]
      .map((line) => `${line.slice(0, width - 1)}\x1b[K\n`)
      .join('')
    process.stdout.write(`${this.#lines > 0 ? `\x1b[${this.#lines}A` : ''}${text}\x1b[J`)
    this.#lines = lines.length + 2
  }
}
