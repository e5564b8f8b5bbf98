import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { watchHolder } from '../../src/daemon/lock.ts'
import { logPath } from '../../src/daemon/log.ts'
import { screenOf } from '../../src/daemon/screen.ts'
import { readState } from '../../src/daemon/state.ts'
import { UserError } from '../../src/errors.ts'
import { isRunning } from '../../src/process-lock.ts'
import type { ExitCode } from '../command.ts'
import type { Wire } from '../wire.ts'
import { spendingOf } from './watch-spending.ts'

const START_MS = 20_000
const STOP_MS = 8000

/** Starts one daemon for the repositories in the background, and waits until it watches. */
export async function start(wires: readonly Wire[]): Promise<ExitCode> {
  const places = await Promise.all(wires.map(placesOf))
  for (const { root, db } of places) {
    const holder = watchHolder(db)
    if (holder)
      throw new UserError(`pid ${holder.pid} watches ${root} already`, 'repose watch status shows it', { exitCode: 1 })
  }
  for (const wire of wires) wire.print(await spendingOf(wire))
  const { root, db } = places[0]!
  mkdirSync(dirname(db), { recursive: true })
  const out = openSync(logPath(db), 'a', 0o600)
  const { flags } = wires[0]!
  const args = [
    'watch',
    '--repo',
    root,
    ...(flags.db ? ['--db', db] : []),
    ...(flags.model ? ['--model', flags.model] : []),
  ]
  const also = places.slice(1).flatMap((place) => ['--also', place.root])
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args, ...also], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', out],
  })
  closeSync(out)
  let ended = false
  child.on('exit', () => {
    ended = true
  })
  for (let waited = 0; waited < START_MS; waited += 50) {
    const isReady = places.every(
      (place) => readState(place.db)?.pid === child.pid && watchHolder(place.db)?.pid === child.pid,
    )
    if (isReady || ended) break
    await setTimeout(50)
  }
  if (ended) {
    wires[0]!.say(tail(logPath(db), 8).join('\n'))
    throw new UserError('the daemon ended at once', `its last words stand above (${logPath(db)})`, { exitCode: 1 })
  }
  child.unref()
  wires[0]!.print(`started, pid ${child.pid}; log: ${logPath(db)}`)
  return 0
}

/** Ends the daemons of the repositories: asks, and after some seconds makes them. A pass loses at most its calls under way. */
export async function stop(wires: readonly Wire[]): Promise<ExitCode> {
  for (const wire of wires) {
    const { root, db } = await placesOf(wire)
    const holder = watchHolder(db)
    if (!holder) {
      wire.print(`no daemon watches ${root}`)
      continue
    }
    process.kill(holder.pid, 'SIGTERM')
    for (let waited = 0; waited < STOP_MS && isRunning(holder); waited += 50) await setTimeout(50)
    const isStuck = isRunning(holder)
    if (isStuck) process.kill(holder.pid, 'SIGKILL')
    wire.print(
      `stopped, pid ${holder.pid}${isStuck ? ' (it did not answer and was killed: nothing saved is lost)' : ''}`,
    )
  }
  return 0
}

export async function restart(wires: readonly Wire[]): Promise<ExitCode> {
  await stop(wires)
  return start(wires)
}

/** What the daemons do, from the file that they keep; what was spent from the ledger as it is now. Exit code 0, running or not. */
export async function status(wires: readonly Wire[], isJson: boolean): Promise<ExitCode> {
  const all = []
  for (const wire of wires) {
    const { root, db } = await placesOf(wire)
    const holder = watchHolder(db)
    const state = readState(db)
    const isOwn = holder !== null && state?.pid === holder.pid
    const spent = await spentToday(wire, db)
    all.push({
      root,
      running: holder !== null,
      pid: holder?.pid ?? null,
      ...(isOwn ? { ...state, root } : {}),
      spentToday: spent,
    })
    if (isJson) continue
    if (!holder)
      wire.print(
        `${root}\n  no daemon watches it: repose watch start${state ? ` (the last one was pid ${state.pid})` : ''}`,
      )
    else if (!isOwn) wire.print(`${root}\n  pid ${holder.pid} is starting`)
    else {
      wire.print([...screenOf(state, Date.now()), `  pid           ${state.pid}, ${state.memoryMb} MB`].join('\n'))
      if (state.root !== root) wire.print(`  it watches ${state.root}, which has moved here: repose watch restart`)
    }
  }
  if (isJson) wires[0]!.printJson(all.length === 1 ? all[0] : all)
  return 0
}

/** The end of the log; with follow, on and on until Ctrl-C. */
export async function logs(wire: Wire, lines: number, follow: boolean): Promise<ExitCode> {
  const { db } = await placesOf(wire)
  const path = logPath(db)
  if (!existsSync(path)) {
    wire.say('there is no log yet: repose watch start')
    return 0
  }
  let shown = tail(path, lines)
  if (shown.length > 0) wire.print(shown.join('\n'))
  let size = statSync(path).size
  while (follow && !wire.signal.aborted) {
    await setTimeout(300, undefined, { signal: wire.signal }).catch(() => {}) // Ctrl-C: the loop ends by itself
    const now = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (now === size) continue
    shown = readFileSync(path, 'utf8')
      .slice(now < size ? 0 : size)
      .split('\n')
      .filter(Boolean)
    if (shown.length > 0) wire.print(shown.join('\n'))
    size = now
  }
  return 0
}

async function placesOf(wire: Wire): Promise<{ root: string; db: string }> {
  return { root: (await wire.repo()).root, db: await wire.databasePath() }
}

async function spentToday(wire: Wire, db: string): Promise<{ tokens: number; usd: number | null } | null> {
  if (!existsSync(db)) return { tokens: 0, usd: 0 }
  const { readSpent } = await import('../../src/daemon/caps.ts')
  return readSpent((await wire.store()).ledger, Date.now()).day
}

function tail(path: string, lines: number): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines)
}
