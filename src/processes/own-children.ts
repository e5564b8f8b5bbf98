import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { isDeadGroup } from './process-stat.ts'

// Children that end with this process. isGroup: their process group ends too (spawned with `detached`).
const running = new Map<ChildProcess, { readonly isGroup: boolean }>()

/**
 * Ends a child when this process ends, except by SIGKILL. isGroup: it was spawned with `detached`, and its own children end too. Call it
 * right after spawning.
 */
export function endWithThis(child: ChildProcess, isGroup = false): void {
  if (child.pid === undefined) return // it did not start: its 'error' event reports why
  if (running.size === 0) process.once('exit', killChildren)
  running.set(child, { isGroup })
  child.once('exit', () => {
    running.delete(child)
    if (running.size === 0) process.off('exit', killChildren)
  })
}

/** Kills the children registered with endWithThis() that still run. */
export function killChildren(): void {
  for (const [child, { isGroup }] of running) killChild(child, isGroup, 'SIGKILL')
}

const GONE_MS = 200 // an end takes less than a millisecond
const AGAIN_MS = 5

/** Kills a child with its group and waits until all are gone, at most GONE_MS: a process that is killed closes its pipes before it ends. */
export async function endGroup(child: ChildProcess): Promise<void> {
  killChild(child, true, 'SIGKILL')
  for (let waited = 0; waited < GONE_MS && isGroupAlive(child); waited += AGAIN_MS) await wait(AGAIN_MS)
}

function isGroupAlive({ pid }: ChildProcess): boolean {
  if (pid === undefined || process.platform === 'win32') return false
  try {
    return process.kill(-pid, 0) && !isDeadGroup(pid)
  } catch {
    return false
  }
}

/** Sends a signal to a child or its process group. It is no error if the child has ended. */
export function killChild(child: ChildProcess, isGroup: boolean, signal: NodeJS.Signals): void {
  if (!isGroup || child.pid === undefined || process.platform === 'win32') {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if (!/^(ESRCH|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error // ended; on macOS possibly a zombie
  }
}
