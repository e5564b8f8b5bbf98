import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { OPERATION_FILES } from './git-operation.ts'
import type { OpenWatch } from './watch.ts'

/**
 * Watches what git writes when the developer uses it: HEAD, the index, branches, and the files of an operation in progress. It ignores
 * everything else in git's folder: objects, remote branches, and our own files.
 *
 * gitDir: of the working tree. commonDir: of the repository. onChange gets '.git/HEAD', '.git/refs/heads/main', ...
 */
export function watchGit(gitDir: string, commonDir: string, onChange: (path: string) => void): OpenWatch {
  const watchers = new Map<string, FSWatcher>()
  const open = (folder: string, heard: (name: string) => void) => {
    try {
      const watcher = watch(folder, (_type, name) => {
        if (name !== null && !name.endsWith('.lock')) heard(name)
      })
      // the folder is gone: the daemon notices by itself; a new folder gets a new watch
      watcher.on('error', () => forget(folder, watcher))
      watchers.get(folder)?.close()
      watchers.set(folder, watcher)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error // packed: git creates the folder when needed
    }
  }
  const forget = (folder: string, watcher: FSWatcher) => {
    watcher.close()
    if (watchers.get(folder) === watcher) watchers.delete(folder)
  }
  open(gitDir, (name) => {
    if (name === 'HEAD' || name === 'index' || OPERATION_FILES.has(name)) onChange(`.git/${name}`)
  })
  const heads = join(commonDir, 'refs', 'heads')
  const openHeads = (folder: string, path: string) => {
    open(folder, (name) => {
      onChange(`.git/${path}/${name}`)
      openFolders(folder, path) // 'feature/x' is a file in a new folder
    })
    openFolders(folder, path)
  }
  const openFolders = (folder: string, path: string) => {
    for (const entry of foldersIn(folder)) {
      if (!watchers.has(join(folder, entry))) openHeads(join(folder, entry), `${path}/${entry}`)
    }
    for (const [known, watcher] of watchers) {
      if (known.startsWith(`${folder}${sep}`) && !foldersIn(dirname(known)).includes(basename(known)))
        forget(known, watcher)
    }
  }
  openHeads(heads, 'refs/heads')
  return {
    get watches() {
      return watchers.size
    },
    async close() {
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  } catch {
    return [] // gone meanwhile
  }
}
