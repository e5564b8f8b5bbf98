import { relative } from 'node:path'
import { watch } from 'chokidar'
import type { OpenWatch, WatchEvents } from './watch.ts'
import type { WatchRules } from './watch-rules.ts'

/** A watch for each file and folder, by chokidar: the most exact, for up to a few thousand files. Rejects if watches run out. */
export async function watchFiles(root: string, rules: WatchRules, events: WatchEvents): Promise<OpenWatch> {
  const pathOf = (path: string) => relative(root, path).replaceAll('\\', '/')
  const watcher = watch(root, {
    ignored(path, stats) {
      const relativePath = pathOf(path)
      if (relativePath.startsWith('..')) return true // chokidar checks the parent when the top folder is removed
      return stats !== undefined && !rules.isWatched(relativePath, stats.isDirectory())
    },
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false, // it would delay every deletion by 100 ms
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
      if (isReady) events.onChange(pathOf(path))
    })
  })
  const folders = Object.keys(watcher.getWatched()).length
  return {
    watches: rules.files + folders,
    close() {
      watcher.add = () => watcher // chokidar 5 reopens itself for ever if a file disappears while it closes
      return watcher.close()
    },
  }
}
