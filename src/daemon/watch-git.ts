import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { OPERATION_FILES } from './git-operation.ts'
import type { OpenWatch } from './watch-tree.ts'

/**
 * Watches what git writes when the developer uses it: HEAD, the index, branches, and the files of an operation in progress.
 * Nothing else in git's folder: no objects, no remote branches, nothing of ours.
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
      watcher.on('error', () => {}) // the folder is gone: the daemon sees that by itself
      watchers.get(folder)?.close()
      watchers.set(folder, watcher)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error // packed: git makes the folder when it needs it
    }
  }
  open(gitDir, (name) => {
    if (name === 'HEAD' || name === 'index' || OPERATION_FILES.has(name)) onChange(`.git/${name}`)
  })
  const heads = join(commonDir, 'refs', 'heads')
  const openHeads = (folder: string, path: string) => {
    open(folder, (name) => {
      onChange(`.git/${path}/${name}`)
      openFolders(folder, path) // 'feature/x' is a file in a folder that has just come
    })
    openFolders(folder, path)
  }
  const openFolders = (folder: string, path: string) => {
    for (const entry of foldersIn(folder)) {
      if (!watchers.has(join(folder, entry))) openHeads(join(folder, entry), `${path}/${entry}`)
    }
    for (const known of watchers.keys()) {
      if (
        known.startsWith(`${folder}/`) &&
        !foldersIn(join(known, '..')).includes(known.slice(known.lastIndexOf('/') + 1))
      ) {
        watchers.get(known)!.close()
        watchers.delete(known)
      }
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
