import type { ServerContext } from '@modelcontextprotocol/server'

const EVERY_MS = 100

/** Tells a client that asked for it how far the reading of files has come; undefined: it did not ask. */
export function progressOf({ mcpReq }: ServerContext): ((done: number, total: number) => void) | undefined {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return undefined
  let last = Number.NEGATIVE_INFINITY
  let before = -1
  return (done, total) => {
    const now = performance.now()
    if (done <= before || (now - last < EVERY_MS && done < total) || mcpReq.signal.aborted) return
    last = now
    before = done
    const params = { progressToken, progress: done, total, message: `reading files: ${done} of ${total}` }
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {}) // the client is gone
  }
}

/** Tells a client that asked for it, in words, how far other work has come. */
export function stepsOf({ mcpReq }: ServerContext): (message: string) => void {
  const progressToken = mcpReq._meta?.progressToken
  let progress = 0
  return (message) => {
    if (progressToken === undefined || mcpReq.signal.aborted) return
    const params = { progressToken, progress: ++progress, message }
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {}) // the client is gone
  }
}
