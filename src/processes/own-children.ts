import type { ChildProcess } from 'node:child_process'

// Children that are to end with this process. isGroup: its process group ends with it (spawned with `detached`).
const running = new Map<ChildProcess, { readonly isGroup: boolean }>()

/**
 * Says that a child is to end when this process ends, however it ends but by SIGKILL. isGroup: it was spawned with `detached`, and what it has
 * started ends too. Call it right after the child was spawned.
 */
export function endWithThis(child: ChildProcess, isGroup = false): void {
  if (child.pid === undefined) return // it could not be started: its 'error' says so
  if (running.size === 0) process.once('exit', killChildren)
  running.set(child, { isGroup })
  child.once('exit', () => {
    running.delete(child)
    if (running.size === 0) process.off('exit', killChildren)
  })
}

/** Ends by force what still runs of the children that endWithThis() was told of. */
export function killChildren(): void {
  for (const [child, { isGroup }] of running) killChild(child, isGroup, 'SIGKILL')
}

/** Sends a signal to a child, or to its process group. A child that is gone is no failure. */
export function killChild(child: ChildProcess, isGroup: boolean, signal: NodeJS.Signals): void {
  if (!isGroup || child.pid === undefined || process.platform === 'win32') {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if (!/^(ESRCH|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error // gone; or, on macOS, dead and not buried
  }
}
