import { relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { watch } from 'chokidar'
import type { OpenWatch, WatchEvents } from './watch.ts'
import type { WatchRules } from './watch-rules.ts'

const SETTLED_MS = 150
const SETTLES_AT_MOST_MS = 2000 // changes that never cease

/** One watch a file and folder, by chokidar: the most exact, for up to a few thousand files. Rejects when watches run out. */
export async function watchFiles(root: string, rules: WatchRules, events: WatchEvents): Promise<OpenWatch> {
  let lookedAt = -Infinity
  let isClosed = false
  const pathOf = (path: string) => relative(root, path).replaceAll('\\', '/')
  const watcher = watch(root, {
    ignored(path, stats) {
      lookedAt = performance.now()
      const relativePath = pathOf(path)
      if (relativePath.startsWith('..')) return true // chokidar asks about the parent when the top folder goes
      return stats !== undefined && !rules.isWatched(relativePath, stats.isDirectory())
    },
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false, // it would hold back every deletion for 100 ms
  })
  await new Promise<void>((resolve, reject) => {
    let isReady = false
    watcher.on('ready', () => {
      isReady = true
      resolve()
    })
    watcher.on('error', (error) => {
      if (isReady) events.onTrouble(error as Error)
      else void watcher.close().then(() => reject(error))
    })
    watcher.on('all', (_event, path) => {
      if (isReady && !isClosed) events.onChange(pathOf(path))
    })
  })
  const folders = Object.keys(watcher.getWatched()).length
  return {
    watches: rules.files + folders,
    async close() {
      isClosed = true
      // chokidar 5 forgets the watch of a folder that it is about to read when it is closed: it would stay open for ever
      const closing = performance.now()
      while (performance.now() < Math.min(lookedAt + SETTLED_MS, closing + SETTLES_AT_MOST_MS)) await setTimeout(20)
      await watcher.close()
    },
  }
}
