import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import { MOST_MS } from '../processes/deadline.ts'
import { isDeadGroup } from '../processes/process-stat.ts'
import { programPath } from '../processes/program-path.ts'
import { secretsIn } from '../secrets/find-secrets.ts'
import type { Secret } from '../secrets/secret.ts'
import { boundedOutput } from './bounded-output.ts'
import type { CageKeeper, Wrapped } from './cage/cage.ts'
import { spawnWrapped } from './cage/spawn-wrapped.ts'

export interface CommandOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly outputLimit: number
  /** Finds the secrets in the output. Default: those that a rule finds. */
  readonly secretsIn?: ((text: string) => Promise<readonly Secret[]>) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface CommandEnd {
  /** null: ended by a signal. */
  readonly exitCode: number | null
  readonly endedBy: NodeJS.Signals | null
  readonly stopped: 'timeout' | 'abort' | 'limit' | null
  /** The limit that it exceeded. */
  readonly excess: string | null
  /** Without secrets. */
  readonly output: string
  readonly ms: number
}

/** Processes of a command could not be ended. Nobody else may use its folder now: they could redirect what is done there. */
export class StillAlive extends UserError {
  constructor(cwd: string) {
    super(
      `processes of a check are still alive after SIGKILL; ${cwd} was left as it is`,
      'see what ps shows of them; a later run removes the folder when they have ended',
    )
    this.name = 'StillAlive'
  }
}

// graceMs: from SIGTERM to SIGKILL. forceMs: from SIGKILL to StillAlive; a busy machine takes seconds to end thousands of processes.
const WAITS = {
  limit: { graceMs: 0, forceMs: 30_000 },
  abort: { graceMs: 300, forceMs: 250 }, // part of the second in which Ctrl-C ends a command
  timeout: { graceMs: 2000, forceMs: 30_000 },
}
const HURRY_MS = 300 // what is left of each of these waits at Ctrl-C
const AGAIN_MS = 20
const LOOK_MS = 200 // interval at which its limits are checked
const DRAIN_MS = 1000 // for remaining output after the shell has ended; a process that keeps the pipe open gets no more
const isWindows = process.platform === 'win32'

/** How to start a shell command without a cage. */
export function inShell(command: string): Wrapped {
  if (!isWindows) return { file: '/bin/sh', args: ['-c', `exec 2>&1\n${command}`], texts: [] }
  const shell = process.env.comspec ?? 'cmd.exe'
  return { file: shell, args: ['/d', '/s', '/c', `"${command}"`], texts: [] }
}

/**
 * Runs a command in its own process group. When it returns, no process of its cage is alive; without a cage, none of that group. Throws if
 * it cannot start (no such folder), and StillAlive if its processes do not end.
 */
export async function runCommand(wrapped: Wrapped, options: CommandOptions): Promise<CommandEnd> {
  const started = performance.now()
  const first = Math.floor(options.outputLimit / 5)
  const find = options.secretsIn ?? ((text: string) => secretsIn(text, 'text'))
  const output = boundedOutput(first, options.outputLimit - first, find)
  const { child, info } = spawnWrapped(wrapped, options)
  const keeper = wrapped.keeper?.(info)
  const streams = [child.stdout!, child.stderr!]
  for (const stream of streams) stream.setEncoding('utf8').on('data', output.add)

  let stopped: CommandEnd['stopped'] = null
  let stopping: Promise<void> | undefined
  let excess: string | null = null
  const group = { child, keeper, options }
  let giveUp = (_: StillAlive) => {}
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  givenUp.catch(() => {})
  const stop = (why: 'timeout' | 'abort' | 'limit') => {
    stopped ??= why
    if (stopping) return
    stopping = stopGroup(group, WAITS[why])
    stopping.catch(giveUp)
  }
  const watch = new AbortController()
  const watching = keeper && watchOver(keeper, watch.signal)
  void watching?.then((why) => {
    excess = why
    if (why !== null) stop('limit')
  })
  const onAbort = () => stop('abort')
  const onExit = () => kill(group) // this process ends, so everything it started must end
  const timer = setTimeout(() => stop('timeout'), Math.min(options.timeoutMs, MOST_MS))
  options.signal?.addEventListener('abort', onAbort, { once: true })
  process.once('exit', onExit)
  try {
    const closed = once(child, 'close')
    closed.catch(() => {}) // 'exit' reports the same error
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
    const [exitCode, endedBy] = await Promise.race([exited, givenUp])
    clearTimeout(timer)
    const drained = new AbortController()
    await Promise.race([closed, givenUp, delay(DRAIN_MS, undefined, { signal: drained.signal }).catch(() => {})])
    drained.abort()
    watch.abort()
    await (stopping ?? stopGroup(group)) // processes left in the background
    for (const stream of streams) stream.destroy()
    const ms = Math.round(performance.now() - started)
    const end = keeper ? endOf(exitCode, endedBy) : { exitCode, endedBy }
    return { ...end, stopped, excess, output: await output.text(), ms }
  } finally {
    watch.abort()
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
    process.removeListener('exit', onExit)
    for (const stream of streams) stream.destroy()
  }
}

/** A shell reports a signal that ended its command as 128 plus its number. */
function endOf(exitCode: number | null, endedBy: NodeJS.Signals | null): Pick<CommandEnd, 'exitCode' | 'endedBy'> {
  const signal = Object.entries(constants.signals).find(([, number]) => number === (exitCode ?? 0) - 128)
  return signal ? { exitCode: null, endedBy: signal[0] as NodeJS.Signals } : { exitCode, endedBy }
}

/** Polls until it must be ended (returns why) or the signal aborts because it is over. */
async function watchOver(keeper: CageKeeper, over: AbortSignal): Promise<string | null> {
  for (;;) {
    await delay(LOOK_MS, undefined, { signal: over, ref: false }).catch(() => {})
    if (over.aborted) return null
    const why = await keeper.excess().catch(() => null)
    if (why !== null) return why
  }
}

interface Group {
  readonly child: ChildProcess
  readonly keeper: CageKeeper | undefined
  readonly options: Pick<CommandOptions, 'cwd' | 'signal'>
}

/** Asks the whole group to end, then kills it. A cage is asked in its own way: if its first process ended, all others would be killed. */
async function stopGroup(group: Group, { graceMs, forceMs } = WAITS.timeout): Promise<void> {
  if (graceMs > 0) {
    if (group.keeper) group.keeper.ask()
    else signalGroup(group.child, 'SIGTERM')
    if (await endsWithin(graceMs, group, false)) return
  }
  if (!(await endsWithin(forceMs, group, true))) throw new StillAlive(group.options.cwd)
}

async function endsWithin(ms: number, group: Group, isForced: boolean): Promise<boolean> {
  const { signal } = group.options
  let until = performance.now() + ms
  let isHurried = false
  for (; performance.now() < until; await delay(AGAIN_MS)) {
    if (isForced) kill(group)
    if (isGone(group, isForced)) return true
    if (!isForced && !group.keeper && isDeadGroup(group.child.pid!)) return false // the group seems to be dead: the caller makes sure with SIGKILL
    if (!signal?.aborted || isHurried) continue
    isHurried = true
    until = Math.min(until, performance.now() + HURRY_MS)
  }
  return isGone(group, isForced)
}

function kill({ child, keeper }: Group): void {
  signalGroup(child, 'SIGKILL')
  keeper?.kill()
}

/** isKilled: its processes start no others, so that a list of them is complete. */
function isGone({ child, keeper }: Group, isKilled: boolean): boolean {
  return keeper?.isGone() ?? (!signalGroup(child, 0) || (isKilled && isDeadGroup(child.pid!)))
}

/** False if no process of the group is left. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false
  if (isWindows) {
    // Without process groups, the tree is found from its root, which must still exist, so it is killed at once.
    if (child.exitCode !== null || signal === 0) return false
    spawnSync(
      programPath('taskkill') ?? 'C:\\Windows\\System32\\taskkill.exe',
      ['/pid', String(child.pid), '/T', '/F'],
      { windowsHide: true },
    )
    return false
  }
  try {
    process.kill(-child.pid, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return false // macOS: only zombies are left; otherwise they are not ours to end
    throw error
  }
}
