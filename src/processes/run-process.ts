import { type ChildProcess, spawn } from 'node:child_process'
import { MOST_MS } from './deadline.ts'
import { memoryOf } from './memory-of.ts'
import { endGroup, endWithThis, killChild } from './own-children.ts'

export interface ProcessOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Written to standard input. Default: empty input. */
  readonly input?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
  /** Bytes of memory that the process itself, without its children, may hold. Measured only on Linux. */
  readonly mostMemory?: number | undefined
  /** Receives standard output as it arrives. false: enough, end the process. */
  readonly onOutput: (chunk: Buffer) => boolean
}

export interface ProcessEnd {
  /** null: we or a signal ended it, or it did not start. */
  readonly exitCode: number | null
  /** Why we ended it; null: we did not. */
  readonly stopped: 'aborted' | 'late' | 'large' | 'enough' | null
  /** The beginning of its standard error. */
  readonly stderr: string
  /** Why it could not be started. */
  readonly error?: NodeJS.ErrnoException
}

const MOST_STDERR = 64 * 1024 // characters
const GRACE_MS = 300 // from SIGTERM to SIGKILL: git removes its lock files meanwhile
const GIVE_UP_MS = 700 // after that, a process that the system cannot end is left alone
const MEASURE_MS = 50 // meanwhile a process that reads a large file takes about 100 MB
const DRAIN_MS = 1000 // wait for output after the process has ended, while a helper left behind holds the pipe

/**
 * Runs a program with limits, in its own process group. Never throws for what the program does, nor for invalid arguments. An end by abort,
 * time or output ends the whole group, and so does the end of this process.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { cwd, env, input, signal, timeoutMs, mostMemory, onOutput }: ProcessOptions,
): Promise<ProcessEnd> {
  if (signal?.aborted) return { exitCode: null, stopped: 'aborted', stderr: '' }
  const isGroup = process.platform !== 'win32' // on Windows, a process in its own group opens a window
  let child: ChildProcess
  try {
    child = spawn(command, args, {
      cwd,
      env,
      detached: isGroup,
      windowsHide: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
  } catch (error) {
    return { exitCode: null, stopped: null, stderr: '', error: error as NodeJS.ErrnoException } // an argument is too long or contains a NUL
  }
  endWithThis(child, isGroup)
  let stderr = ''
  let stopped: ProcessEnd['stopped'] = null
  const timers: NodeJS.Timeout[] = []
  let measuring: NodeJS.Timeout | undefined
  const over = new AbortController()
  try {
    return await new Promise<ProcessEnd>((resolve) => {
      const end = (exitCode: number | null, error?: NodeJS.ErrnoException) =>
        resolve({ exitCode: stopped ? null : exitCode, stopped, stderr, ...(error && { error }) })
      const after = (ms: number, work: () => void) => timers.push(setTimeout(work, Math.min(ms, MOST_MS)))
      const stop = (why: ProcessEnd['stopped']) => {
        if (stopped) return
        stopped = why
        killChild(child, isGroup, 'SIGTERM')
        after(GRACE_MS, () => killChild(child, isGroup, 'SIGKILL'))
        after(GIVE_UP_MS, () => end(null))
      }
      signal?.addEventListener('abort', () => stop('aborted'), { once: true, signal: over.signal })
      after(timeoutMs, () => stop('late'))
      if (mostMemory !== undefined)
        measuring = setInterval(() => memoryOf(child.pid) > mostMemory && stop('large'), MEASURE_MS)
      child.stdout!.on('data', (chunk: Buffer) => {
        if (!stopped && !onOutput(chunk)) stop('enough')
      })
      child.stderr!.on('data', (chunk: Buffer) => {
        if (stderr.length < MOST_STDERR) stderr += chunk.toString('utf8').slice(0, MOST_STDERR)
      })
      child.stdin?.on('error', () => {}) // the process stopped reading, or has ended
      child.stdin?.end(input)
      child.on('error', (error) => end(null, error))
      child.on('exit', (exitCode) => after(DRAIN_MS, () => end(exitCode)))
      child.on('close', (exitCode) => end(exitCode))
    })
  } finally {
    timers.forEach(clearTimeout)
    clearInterval(measuring)
    over.abort()
    // other members of the group may have survived SIGTERM
    if (stopped) await endGroup(child)
    for (const stream of child.stdio) stream?.destroy()
  }
}
