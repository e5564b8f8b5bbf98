import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { statsAt } from '../files/stats-at.ts'
import { git, splitNul } from '../repo/git.ts'
import type { OpenWatch, WatchEvents } from './watch.ts'

const EVERY_MS = 5000
const SHARE = 100 // a look takes at most a hundredth of the time

/** Runs git status every few seconds: the last resort, if the system gives no events. everyMs, share: for tests. */
export async function watchPoll(
  root: string,
  events: WatchEvents,
  everyMs = EVERY_MS,
  share = SHARE,
): Promise<OpenWatch> {
  let before = await digestOf(root)
  let timer: NodeJS.Timeout
  let isClosed = false
  const look = async () => {
    const started = performance.now()
    try {
      const now = await digestOf(root)
      if (now !== before && !isClosed) events.onChange('')
      before = now
    } catch (error) {
      if (!isClosed) events.onTrouble(error as Error)
    }
    if (!isClosed) timer = setTimeout(look, Math.max(everyMs, share * (performance.now() - started)))
  }
  timer = setTimeout(look, everyMs)
  return {
    watches: 0,
    async close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

/** Hash of the differences from HEAD, with file times: a second edit of a changed file changes it, too. */
async function digestOf(root: string): Promise<string> {
  const status = await git(root, [
    'status',
    '--porcelain=v2',
    '--branch',
    '-z',
    '--untracked-files=all',
    '--ignore-submodules=all',
  ])
  const hash = createHash('sha1').update(status)
  for (const entry of splitNul(status)) {
    const path = /^(?:1 (?:\S+ ){7}|2 (?:\S+ ){8}|u (?:\S+ ){9}|\? )(.*)$/s.exec(entry)?.[1]
    const stat = path === undefined ? undefined : statsAt(join(root, path))
    if (stat) hash.update(`${stat.mtimeMs} ${stat.size} `)
  }
  return hash.digest('hex')
}
