import { type ChildProcess, spawn } from 'node:child_process'
import { MOST_MS } from './deadline.ts'
import { endWithThis, killChild } from './own-children.ts'

export interface ProcessOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Written to standard input; without it, that is empty. */
  readonly input?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
  /** Gets standard output as it comes; false: that was enough, the process is ended. */
  readonly onOutput: (chunk: Buffer) => boolean
}

export interface ProcessEnd {
  /** null: it did not end by itself. */
  readonly exitCode: number | null
  /** Why it was ended, if it was. */
  readonly stopped: 'aborted' | 'late' | 'enough' | null
  /** The beginning of what it wrote to standard error. */
  readonly stderr: string
  /** Why it could not be started. */
  readonly error?: NodeJS.ErrnoException
}

const MOST_STDERR = 64 * 1024 // characters
const GRACE_MS = 300 // from the request to end to the end by force: git takes its lock files away
const GIVE_UP_MS = 700 // a process that the system does not let go is left to it
const DRAIN_MS = 1000 // for a pipe that is still held, by a helper left behind, when the process itself is gone

/**
 * Runs a program with limits, in a process group of its own. Never throws for what the program does, nor for arguments that no program can get.
 * No process of the group outlives an end by abort, time or output, nor this process.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { cwd, env, input, signal, timeoutMs, onOutput }: ProcessOptions,
): Promise<ProcessEnd> {
  if (signal?.aborted) return { exitCode: null, stopped: 'aborted', stderr: '' }
  const isGroup = process.platform !== 'win32' // there, a process of its own group opens a window
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
    return { exitCode: null, stopped: null, stderr: '', error: error as NodeJS.ErrnoException } // a NUL in an argument, or one that is too long
  }
  endWithThis(child, isGroup)
  let stderr = ''
  let stopped: ProcessEnd['stopped'] = null
  const timers: NodeJS.Timeout[] = []
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
      child.stdout!.on('data', (chunk: Buffer) => {
        if (!stopped && !onOutput(chunk)) stop('enough')
      })
      child.stderr!.on('data', (chunk: Buffer) => {
        if (stderr.length < MOST_STDERR) stderr += chunk.toString('utf8').slice(0, MOST_STDERR)
      })
      child.stdin?.on('error', () => {}) // it has read enough, or is gone
      child.stdin?.end(input)
      child.on('error', (error) => end(null, error))
      child.on('exit', (exitCode) => after(DRAIN_MS, () => end(exitCode)))
      child.on('close', (exitCode) => end(exitCode))
    })
  } finally {
    timers.forEach(clearTimeout)
    over.abort()
    // a member of the group may have outlived the one that was asked to end
    if (stopped) killChild(child, isGroup, 'SIGKILL')
    for (const stream of child.stdio) stream?.destroy()
  }
}
