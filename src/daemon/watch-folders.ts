import { type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { RepoPath } from '../types.ts'
import type { OpenWatch, WatchEvents } from './watch.ts'
import type { WatchRules } from './watch-rules.ts'

const AT_ONCE = 500 // folders, before other events are processed

/**
 * A watch for each folder, for large trees: about a third of the cost of watching files. On macOS and Windows one watch covers the
 * whole tree. Rejects if watches run out.
 */
export async function watchFolders(
  root: string,
  rules: WatchRules,
  events: WatchEvents,
  platform: NodeJS.Platform = process.platform,
): Promise<OpenWatch> {
  if (platform !== 'linux') return watchWhole(root, rules, events)
  const tree = new FolderTree(root, rules, events)
  try {
    for (const [i, folder] of rules.folders.entries()) {
      tree.add(folder)
      if (i % AT_ONCE === AT_ONCE - 1) await setImmediate()
    }
  } catch (error) {
    tree.close()
    throw error
  }
  return {
    get watches() {
      return tree.size
    },
    close: async () => tree.close(),
  }
}

class FolderTree {
  readonly #watchers = new Map<RepoPath, FSWatcher>()
  readonly #root: string
  readonly #rules: WatchRules
  readonly #events: WatchEvents

  constructor(root: string, rules: WatchRules, events: WatchEvents) {
    this.#root = root
    this.#rules = rules
    this.#events = events
  }

  get size(): number {
    return this.#watchers.size
  }

  /** Throws if watches run out; skips a vanished folder. */
  add(folder: RepoPath): void {
    if (this.#watchers.has(folder)) return
    try {
      const watcher = watch(join(this.#root, folder), (type, name) => this.#heard(folder, type, name))
      watcher.on('error', () => this.#drop(folder)) // Windows reports a deleted folder in this way; elsewhere its parent does
      this.#watchers.set(folder, watcher)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') throw error
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #heard(folder: RepoPath, type: string, name: string | null): void {
    if (name === '.git') return
    if (name === null) {
      this.#events.onChange(folder)
      return
    }
    const path = folder === '' ? name : `${folder}/${name}`
    const isKnown = this.#watchers.has(path)
    // only a name that appeared or disappeared can be a folder: check no others
    const isFolder = type === 'rename' ? isFolderNow(this.#root, path) : isKnown
    if (!this.#rules.isWatched(path, isFolder) && !isKnown) return
    if (type === 'rename') {
      if (isKnown) this.#drop(path) // gone, or replaced by another with its name
      if (isFolder) this.#addAll(path)
    }
    this.#events.onChange(path)
  }

  /** A new folder, with its existing content. */
  #addAll(folder: RepoPath): void {
    try {
      this.add(folder)
      for (const entry of readdirSync(join(this.#root, folder), { withFileTypes: true })) {
        const path = `${folder}/${entry.name}`
        if (entry.isDirectory() && this.#rules.isWatched(path, true)) this.#addAll(path)
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#events.onTrouble(error as Error)
    }
  }

  #drop(folder: RepoPath): void {
    for (const [path, watcher] of this.#watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue
      watcher.close()
      this.#watchers.delete(path)
    }
  }
}

async function watchWhole(root: string, rules: WatchRules, events: WatchEvents): Promise<OpenWatch> {
  const watcher = watch(root, { recursive: true }, (type, name) => {
    if (name === null) {
      events.onChange('')
      return
    }
    const path = name.replaceAll('\\', '/')
    const parts = path.split('/')
    const isInside = parts.slice(0, -1).every((_, i) => rules.isWatched(parts.slice(0, i + 1).join('/'), true))
    if (!isInside) return
    const isFolder = isFolderNow(root, path)
    if (isFolder && type === 'change') return // Windows reports it for each folder that gets a file, even an ignored one
    if (rules.isWatched(path, isFolder)) events.onChange(path)
  })
  watcher.on('error', (error) => events.onTrouble(error))
  return { watches: 1, close: async () => watcher.close() }
}

function isFolderNow(root: string, path: RepoPath): boolean {
  try {
    return lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch {
    return false // being deleted: Windows refuses access
  }
}
