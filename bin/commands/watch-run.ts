import { type DaemonEnd, watchRepository } from '../../src/daemon/daemon.ts'
import { logPath, openLog, readLine } from '../../src/daemon/log.ts'
import { screenOf } from '../../src/daemon/screen.ts'
import type { WatchState } from '../../src/daemon/state.ts'
import { UserError } from '../../src/errors.ts'
import { printable } from '../../src/text/printable.ts'
import type { ExitCode } from '../command.ts'
import type { Wire } from '../wire.ts'
import { notifier } from './watch-notify.ts'
import { spendingOf } from './watch-spending.ts'
import { workInChild } from './watch-work.ts'

const EXIT_MS = 2000

/**
 * The daemon, in this process, until the signal: a screen on a terminal, log lines elsewhere and with --json. Exit code 1 if another
 * daemon has the (only) repository.
 */
export async function runHere(wires: readonly Wire[], isJson: boolean): Promise<ExitCode> {
  const screen = process.stdout.isTTY && !isJson ? new Screen() : null
  for (const wire of wires) wire.say(await spendingOf(wire))
  const roots = await Promise.all(wires.map(async (wire) => (await wire.repo()).root))
  const ends = await Promise.all(wires.map((wire) => watchOrSay(wire, roots, screen, isJson)))
  screen?.end()
  for (const [i, one] of ends.entries())
    if (one?.end === 'gone') wires[i]!.say(`${roots[i]}: the repository was gone for an hour`)
  const [first] = ends
  if (first?.end === 'taken' && ends.every((one) => one?.end === 'taken'))
    throw new UserError(
      `another daemon watches this repository (pid ${first.pid})`,
      'repose watch status shows it; repose watch stop ends it',
      { exitCode: 1 },
    )
  setTimeout(() => process.exit(), EXIT_MS).unref() // in case a watch is still open, or a file system hangs
  return ends.some((one) => one !== null) ? 0 : 1
}

/** null: it cannot be watched; the others still can. Throws if it is the only one. */
async function watchOrSay(
  wire: Wire,
  roots: readonly string[],
  screen: Screen | null,
  isJson: boolean,
): Promise<DaemonEnd | null> {
  try {
    return await watchOne(wire, roots, screen, isJson)
  } catch (error) {
    if (roots.length === 1 || !(error instanceof UserError)) throw error
    wire.say(`not watched: ${error.message} (${error.fix})`)
    return null
  }
}

async function watchOne(
  wire: Wire,
  roots: readonly string[],
  screen: Screen | null,
  isJson: boolean,
): Promise<DaemonEnd> {
  const [{ root, commonDir }, config, db] = await Promise.all([wire.repo(), wire.config(), wire.soundDatabase()])
  const { model } = wire.flags
  const log = openLog(
    logPath(db),
    screen ? {} : { echo: (line) => (isJson ? wire.printWhole(JSON.stringify(readLine(line))) : wire.print(line)) },
  )
  const notify = config.watch.notify ? notifier(root, (line) => log.write(line)) : () => {}
  const alongside = roots.filter((other) => other !== root)
  const env: Record<string, string> = model ? { REPOSE_MODEL: model, REPOSE_SLEEP_MODEL: model } : {}
  const end = await watchRepository({
    root,
    commonDir,
    db,
    settings: { ...config.watch, paths: config.paths },
    work: workInChild(root, db, env, alongside),
    alongside,
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

/** Redrawn in place on the terminal, at most five times a second. */
class Screen {
  readonly #states = new Map<string, WatchState>()
  #lines = 0
  #timer: NodeJS.Timeout | null = null
  readonly #onResize = () => {
    process.stdout.write('\x1b[2J\x1b[H') // the terminal has wrapped the old lines anew
    this.#lines = 0
    this.#timer ??= setTimeout(() => this.#draw(), 200)
  }

  constructor() {
    process.stdout.on('resize', this.#onResize)
  }

  show(state: WatchState): void {
    this.#states.set(state.root, state)
    this.#timer ??= setTimeout(() => this.#draw(), 200)
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer)
    process.stdout.off('resize', this.#onResize)
  }

  #draw(): void {
    this.#timer = null
    const { columns = 80, rows = 24 } = process.stdout
    const blocks = [...this.#states.values()].flatMap((state) => [...screenOf(state, Date.now()), ''])
    const lines = ['repose watch (Ctrl-C ends it)', '', ...blocks].slice(0, rows - 1) // the cursor cannot go above the screen
    const text = lines
      .map(
        (line) =>
          `${printable(line)
            .replaceAll('\n', ' ')
            .slice(0, columns - 1)}\x1b[K\n`,
      )
      .join('')
    process.stdout.write(`${this.#lines > 0 ? `\x1b[${this.#lines}A` : ''}${text}\x1b[J`)
    this.#lines = lines.length
  }
}
