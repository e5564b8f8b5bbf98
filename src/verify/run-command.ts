import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { MOST_MS } from '../deadline.ts'
import { boundedOutput } from './bounded-output.ts'

export interface CommandOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly outputLimit: number
  readonly signal?: AbortSignal | undefined
}

export interface CommandEnd {
  /** null: ended by a signal. */
  readonly exitCode: number | null
  readonly endedBy: NodeJS.Signals | null
  readonly stopped: 'timeout' | 'abort' | null
  readonly output: string
  readonly ms: number
}

const GRACE_MS = 2000 // from the request to end to the end by force
const FORCE_MS = 500 // dead orphans count as alive until the system collects them, which in a container may be never
const DRAIN_MS = 1000 // for output on its way when the shell is gone; a process that keeps the pipe open gets no more
const isWindows = process.platform === 'win32'

/**
 * Runs a shell command in a process group of its own, and ends with no process of that group alive.
 * Throws when the shell cannot be started (no such folder).
 */
export async function runCommand(command: string, options: CommandOptions): Promise<CommandEnd> {
  const started = performance.now()
  const first = Math.floor(options.outputLimit / 5)
  const output = boundedOutput(first, options.outputLimit - first)
  // One pipe for both streams keeps their order.
  const child = spawn(isWindows ? command : `exec 2>&1\n${command}`, {
    shell: true,
    cwd: options.cwd,
    env: options.env,
    detached: !isWindows,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const streams = [child.stdout, child.stderr]
  for (const stream of streams) stream.setEncoding('utf8').on('data', output.add)

  let stopped: CommandEnd['stopped'] = null
  let stopping: Promise<void> | undefined
  const stop = (why: 'timeout' | 'abort') => {
    stopped ??= why
    stopping ??= stopGroup(child)
  }
  const onAbort = () => stop('abort')
  const onExit = () => signalGroup(child, 'SIGKILL') // this process ends: nothing of ours may go on
  const timer = setTimeout(() => stop('timeout'), Math.min(options.timeoutMs, MOST_MS))
  options.signal?.addEventListener('abort', onAbort, { once: true })
  process.once('exit', onExit)
  try {
    const closed = once(child, 'close')
    closed.catch(() => {}) // the same error comes through 'exit'
    const [exitCode, endedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    clearTimeout(timer)
    const drained = new AbortController()
    await Promise.race([closed, delay(DRAIN_MS, undefined, { signal: drained.signal }).catch(() => {})])
    drained.abort()
    await (stopping ?? stopGroup(child)) // what was left in the background
    for (const stream of streams) stream.destroy()
    return { exitCode, endedBy, stopped, output: output.text(), ms: Math.round(performance.now() - started) }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
    process.removeListener('exit', onExit)
  }
}

/** Asks the whole group to end, and ends it by force when it does not. */
async function stopGroup(child: ChildProcess): Promise<void> {
  if (!signalGroup(child, 'SIGTERM') || (await isGone(child, GRACE_MS))) return
  signalGroup(child, 'SIGKILL')
  await isGone(child, FORCE_MS)
}

async function isGone(child: ChildProcess, withinMs: number): Promise<boolean> {
  for (const until = performance.now() + withinMs; performance.now() < until; await delay(20)) {
    if (!signalGroup(child, 0)) return true
  }
  return false
}

/** False when no process of the group is left. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false
  if (isWindows) {
    // Without process groups, the tree is found from its root, which must still be there: by force at once.
    if (child.exitCode !== null || signal === 0) return false
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true })
    return false
  }
  try {
    process.kill(-child.pid, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return false // macOS: only zombies are left; else not ours to end
    throw error
  }
}
