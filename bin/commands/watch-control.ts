import { spawn } from 'node:child_process'
import { closeSync, existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { takenKeys } from '../../src/config/keys.ts'
import type { Spent } from '../../src/daemon/caps.ts'
import { watchHolder, watchLockPath } from '../../src/daemon/lock.ts'
import { logPath, readLine } from '../../src/daemon/log.ts'
import { readState } from '../../src/daemon/read-state.ts'
import { screenOf } from '../../src/daemon/screen.ts'
import type { WatchState } from '../../src/daemon/state.ts'
import { clockOf } from '../../src/daemon/words.ts'
import { UserError } from '../../src/errors.ts'
import { openPrivate } from '../../src/files/private-files.ts'
import { readRegular } from '../../src/files/read-regular.ts'
import { absoluteLibraries } from '../../src/processes/own-environment.ts'
import { isRunning, lockHolder, thisProcess } from '../../src/processes/process-lock.ts'
import type { ExitCode } from '../command.ts'
import type { Wire } from '../wire.ts'
import { addRepositories } from './watch-repositories.ts'
import { spendingOf } from './watch-spending.ts'

const START_MS = 20_000
const STOP_MS = 8000
const SILENT_MS = 60_000 // it writes its state every ten seconds

/** Starts one daemon for the repositories in the background, and waits until it watches. */
export async function start(wires: readonly Wire[], isJson: boolean): Promise<ExitCode> {
  const places = await Promise.all(wires.map(placesOf))
  for (const { root, db } of places) {
    const holder = watchHolder(db)
    if (holder)
      throw new UserError(`pid ${holder.pid} watches ${root} already`, 'repose watch status shows it', { exitCode: 1 })
  }
  for (const wire of wires) tell(wire, isJson, await spendingOf(wire))
  const { root, db } = places[0]!
  const { makeFolderOf } = await import('../../src/store/db.ts')
  makeFolderOf(db)
  const out = openPrivate(logPath(db), 'append')
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
    env: { ...process.env, ...absoluteLibraries(process.env), ...takenKeys() },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', out],
  })
  closeSync(out)
  let ended = false
  child.on('exit', () => {
    ended = true
  })
  const isWatched = (place: Place) => readState(place.db)?.pid === child.pid && watchHolder(place.db)?.pid === child.pid
  const { signal } = wires[0]!
  const giveUp = () => child.kill('SIGTERM') // a user who interrupts the start wants no daemon
  signal.addEventListener('abort', giveUp, { once: true })
  for (let waited = 0; waited < START_MS && !ended && !places.every(isWatched); waited += 50) {
    await setTimeout(50)
    signal.throwIfAborted()
  }
  signal.removeEventListener('abort', giveUp)
  if (ended) {
    wires[0]!.say(tail(logPath(db), 8).join('\n'))
    throw new UserError('the daemon ended at once', `the last lines of its log are above (${logPath(db)})`, {
      exitCode: 1,
    })
  }
  child.unref()
  if (isJson) wires[0]!.printJson({ pid: child.pid, log: logPath(db), roots: places.map((place) => place.root) })
  else wires[0]!.print(`started, pid ${child.pid}; log: ${logPath(db)}`)
  for (const place of places) if (!isWatched(place)) wires[0]!.say(`${place.root} is not watched yet: see its log`)
  return 0
}

/** Ends the daemons of the repositories: by SIGTERM, and after some seconds by force. A pass loses at most its calls in flight. */
export async function stop(wires: readonly Wire[], isJson: boolean): Promise<ExitCode> {
  const stopped = await stopEach(wires, isJson)
  if (isJson) wires[0]!.printJson({ stopped })
  return 0
}

interface Stopped {
  readonly root: string
  readonly pid: number
  readonly killed: boolean
}

async function stopEach(wires: readonly Wire[], isJson: boolean): Promise<readonly Stopped[]> {
  const stopped: Stopped[] = []
  const ended = new Set<string>()
  for (const wire of wires) {
    const { root, db } = await placesOf(wire)
    const holder = watchHolder(db)
    const alongside = runningAlongside(db)
    if (!holder) forgetLock(db)
    if (!holder && ended.has(root)) continue
    if (!holder) {
      tell(wire, isJson, `no daemon watches ${root}`)
      continue
    }
    if (holder.startedAt === null && thisProcess().startedAt !== null)
      throw new UserError(
        `${watchLockPath(db)} names pid ${holder.pid} and not when it started, so it may be any program`,
        'see what it is; if it is repose watch, end it, and delete this file',
        { exitCode: 1 },
      )
    endOther(holder.pid, root)
    for (let waited = 0; waited < STOP_MS && isRunning(holder); waited += 50) await setTimeout(50)
    const isStuck = isRunning(holder)
    if (isStuck) process.kill(holder.pid, 'SIGKILL')
    forgetLock(db)
    stopped.push({ root, pid: holder.pid, killed: isStuck })
    tell(
      wire,
      isJson,
      `stopped, pid ${holder.pid}${isStuck ? ' (it did not answer and was killed: nothing saved is lost)' : ''}`,
    )
    for (const other of alongside) ended.add(other)
    if (alongside.length > 0) tell(wire, isJson, `it watched ${alongside.join(', ')} too`)
  }
  return stopped
}

/** Asks a daemon to end. Throws UserError for one of another user, who shares the repository. */
function endOther(pid: number, root: string): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ESRCH') return // it has ended meanwhile
    if (code !== 'EPERM') throw cause
    throw new UserError(`pid ${pid} watches ${root} for another user, whose processes you may not end`, 'ask them', {
      exitCode: 1,
      cause,
    })
  }
}

/** Prints text beside the result: a remark if the result is JSON. */
function tell(wire: Wire, isJson: boolean, text: string): void {
  if (isJson) wire.say(text)
  else wire.print(text)
}

/** On Windows a signal ends a process before it releases its lock, and another process with its id would later be taken for it. */
function forgetLock(db: string): void {
  if (process.platform === 'win32' && !watchHolder(db)) rmSync(watchLockPath(db), { force: true })
}

/** Ends the daemons and starts one for all that they watched. */
export async function restart(wires: readonly Wire[], isJson: boolean): Promise<ExitCode> {
  const databases = await Promise.all(wires.map((wire) => wire.databasePath()))
  const all = await addRepositories(wires, databases.flatMap(runningAlongside), true)
  for (const wire of all) if (watchHolder(await wire.databasePath())) await stopEach([wire], isJson)
  return start(all, isJson)
}

/** Other repositories that the running daemon of a database watches. */
function runningAlongside(db: string): readonly string[] {
  const state = readState(db)
  return state !== null && watchHolder(db)?.pid === state.pid ? (state.alongside ?? []) : []
}

/** State of the daemons, from their state files, and the present spending, from the ledger. Exit code 0, running or not. */
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
      ...(isOwn ? { ...withSpent(state, spent), root } : {}),
      spentToday: spent,
    })
    if (isJson) continue
    if (!holder)
      wire.print(
        `${root}\n  no daemon watches it: repose watch start${state ? ` (the last one was pid ${state.pid})` : ''}`,
      )
    else if (!isOwn) wire.print(`${root}\n  pid ${holder.pid} is starting`)
    else {
      wire.print(
        [...screenOf(withSpent(state, spent), Date.now()), `  pid           ${state.pid}, ${state.memoryMb} MB`].join(
          '\n',
        ),
      )
      const silence = silenceOf(state)
      if (silence !== null) wire.print(silence)
      if (state.root !== root) wire.print(`  it watches ${state.root}, which has moved here: repose watch restart`)
    }
  }
  if (isJson) wires[0]!.printJson(all.length === 1 ? all[0] : all)
  return 0
}

/** The state with what was spent until now: the daemon reads the ledger only between passes. */
function withSpent(state: WatchState, day: Spent | null): WatchState {
  const { money } = state
  if (!day || !money?.spent) return state
  const tokens = day.tokens - money.spent.day.tokens
  const usd = (day.usd ?? 0) - (money.spent.day.usd ?? 0)
  const { budget } = money
  const left = (amount: number | null, spent: number) => (amount === null ? null : Math.max(0, amount - spent))
  const now =
    budget.kind === 'left' && tokens > 0
      ? { ...budget, tokens: left(budget.tokens, tokens), usd: left(budget.usd, usd) }
      : budget
  return { ...state, money: { budget: now, spent: { ...money.spent, day } } }
}

/** The end of the log; with JSON, a document a line. With follow, it continues until Ctrl-C. */
export async function logs(wire: Wire, lines: number, follow: boolean, isJson: boolean): Promise<ExitCode> {
  const { db } = await placesOf(wire)
  const path = logPath(db)
  if (!existsSync(path)) {
    wire.say('there is no log yet: repose watch start')
    return 0
  }
  const show = (shown: readonly string[]) => {
    for (const line of shown) isJson ? wire.printWhole(JSON.stringify(readLine(line))) : wire.print(line)
  }
  const bytes = readLog(path)
  show(lastLines(bytes, lines))
  let size = bytes.length // of what was read: a line may come at any moment
  while (follow && !wire.signal.aborted) {
    await setTimeout(300, undefined, { signal: wire.signal }).catch(() => {}) // Ctrl-C: the loop condition ends it
    const now = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (now === size) continue
    const log = readLog(path)
    const more = log.subarray(log.length < size ? 0 : size)
    show(more.toString('utf8').split('\n').filter(Boolean))
    size = log.length
  }
  return 0
}

/** A running daemon that does nothing: stopped by a signal, or stuck. null: it has written its state lately. */
function silenceOf({ pid, writtenAt }: WatchState): string | null {
  if (Date.now() - writtenAt < SILENT_MS) return null
  return `  pid ${pid} has written nothing since ${clockOf(writtenAt, Date.now())}: repose watch restart`
}

interface Place {
  readonly root: string
  readonly db: string
}

async function placesOf(wire: Wire): Promise<Place> {
  return { root: (await wire.repo()).root, db: await wire.databasePath() }
}

async function spentToday(wire: Wire, db: string): Promise<Spent | null> {
  if (!existsSync(db)) return { tokens: 0, usd: 0 }
  const { readSpent } = await import('../../src/daemon/caps.ts')
  return readSpent((await wire.store()).ledger, Date.now(), lockHolder(`${db}.sleep.lock`) !== null).day
}

function tail(path: string, lines: number): string[] {
  return lastLines(readLog(path), lines)
}

function lastLines(log: Buffer, lines: number): string[] {
  return lines === 0 ? [] : log.toString('utf8').trimEnd().split('\n').slice(-lines)
}

/** The log is rotated at 1 MB (log.ts). Other files in its place are not read. */
function readLog(path: string): Buffer {
  const read = readRegular(path, { maxBytes: 10_000_000 })
  return typeof read === 'string' ? Buffer.alloc(0) : read
}
