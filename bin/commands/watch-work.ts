import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { takenKeys } from '../../src/config/keys.ts'
import type { Order, Progress, Refreshed, Thought, Work } from '../../src/daemon/work.ts'
import { endWithThis } from '../../src/processes/own-children.ts'
import { absoluteLibraries } from '../../src/processes/own-environment.ts'
import type { WorkerMessage, WorkerOrder } from './watch-worker.ts'

const KILL_AFTER_MS = 3000 // for a pass that does not end when asked; its saved summaries are complete

interface Waiting {
  readonly child: ChildProcess
  readonly resolve: (result: Refreshed | Thought) => void
  readonly reject: (error: Error) => void
  readonly onProgress?: (progress: Progress) => void
}

/**
 * The daemon's work, done in a child process that starts when there is work and ends at rest. env: added to the child's environment.
 * Jobs of one repository run one after another. alongside: the daemon's other repositories; the child starts no program from
 * them either.
 */
export function workInChild(
  root: string,
  db: string,
  env: Readonly<Record<string, string>> = {},
  alongside: readonly string[] = [],
): Work {
  let child: ChildProcess | null = null
  let next = 1
  let isToRest = false
  const waiting = new Map<number, Waiting>()

  /** Ends the child; a busy one ends when it is done. */
  const rest = () => {
    isToRest = waiting.size > 0
    if (isToRest || !child) return
    if (child.connected) child.disconnect()
    child = null
  }

  const start = (): ChildProcess => {
    const fresh = fork(join(PACKAGE_ROOT, 'dist/bin/commands/watch-worker.js'), [root, db, ...alongside], {
      env: { ...process.env, ...absoluteLibraries(process.env), ...takenKeys(), ...env },
      execArgv: ['--max-semi-space-size=8'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...{ windowsHide: true }, // missing in the types of fork
    })
    endWithThis(fresh)
    let lastWords = ''
    fresh.stderr!.on('data', (data) => {
      lastWords = `${lastWords}${data}`.slice(-2000)
    })
    fresh.on('message', (answer: WorkerMessage) => {
      const job = waiting.get(answer.id)
      if ('subject' in answer) return job?.onProgress?.(answer)
      waiting.delete(answer.id)
      if (isToRest) rest()
      if ('result' in answer) job?.resolve(answer.result)
      else job?.reject(new Error(answer.problem))
    })
    const gone = (why: string) => {
      if (child === fresh) child = null
      for (const [id, job] of waiting) {
        if (job.child !== fresh) continue
        waiting.delete(id)
        job.reject(new Error(why))
      }
    }
    fresh.on('error', (error) => gone(`the worker cannot be started: ${error.message}`))
    fresh.on('exit', (code, signal) => {
      const words = lastWords.trim().split('\n').at(-1)
      gone(`the worker ended (${signal ?? `exit code ${code}`})${words ? `: ${words}` : ''}`)
    })
    return fresh
  }

  const ask = <T extends Refreshed | Thought>(request: Omit<WorkerOrder, 'id'>, onProgress?: Waiting['onProgress']) =>
    new Promise<T>((resolve, reject) => {
      child ??= start()
      const id = next++
      waiting.set(id, { child, resolve: resolve as Waiting['resolve'], reject, onProgress })
      child.send({ id, ...request }, () => {}) // the 'exit' event reports a child that died meanwhile
    })

  return {
    refresh: () => ask<Refreshed>({ do: 'refresh' }),

    async think(order: Order, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Thought> {
      let killer: NodeJS.Timeout | undefined
      const stop = () => {
        child?.send({ id: 0, do: 'stop' }, () => {})
        killer = setTimeout(() => child?.kill('SIGKILL'), KILL_AFTER_MS)
      }
      signal.addEventListener('abort', stop, { once: true })
      try {
        return await ask<Thought>({ do: 'think', order } as Omit<WorkerOrder, 'id'>, onProgress)
      } finally {
        clearTimeout(killer)
        signal.removeEventListener('abort', stop)
      }
    },

    rest,

    async close() {
      const last = child
      if (!last || last.exitCode !== null) return
      const exit = once(last, 'exit')
      if (last.connected) last.disconnect()
      const killer = setTimeout(() => last.kill('SIGKILL'), KILL_AFTER_MS)
      await exit
      clearTimeout(killer)
    },
  }
}
