import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { RepoPath } from '../types.ts'
import { similarNames } from './similar-names.ts'

const MOST_ENTRIES = 20_000 // about 0.2 s; a bigger tree is searched in part, which may only cost a hint
const SKIPPED = new Set(['.git', 'node_modules', '.venv', 'venv', 'dist', 'target'])

/** Existing files that a wrong path may mean, at most three: first the same name elsewhere, then a similar one. Breadth first. */
export async function similarFiles(root: string, path: RepoPath): Promise<RepoPath[]> {
  const files = await listSome(root)
  const name = posix.basename(path)
  const sameName = files.filter((file) => posix.basename(file).toLowerCase() === name.toLowerCase())
  if (sameName.length > 0)
    return sameName.sort((a, b) => sharedEnd(b, path) - sharedEnd(a, path) || (a < b ? -1 : 1)).slice(0, 3)
  const names = new Set(similarNames(name, new Set(files.map((file) => posix.basename(file))), 3))
  const candidates = files.filter((file) => names.has(posix.basename(file)))
  const inFolder = candidates.filter((file) => posix.dirname(file) === posix.dirname(path))
  return (inFolder.length > 0 ? inFolder : candidates).slice(0, 3)
}

async function listSome(root: string): Promise<RepoPath[]> {
  const files: RepoPath[] = []
  const folders = ['']
  for (let seen = 0; folders.length > 0 && seen < MOST_ENTRIES; ) {
    const folder = folders.shift()!
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []) // an unreadable folder costs only a hint
    seen += entries.length
    for (const entry of entries) {
      const path = posix.join(folder, entry.name)
      if (entry.isFile()) files.push(path)
      else if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(path)
    }
  }
  return files
}

/** Number of trailing folders that two paths share. */
function sharedEnd(a: RepoPath, b: RepoPath): number {
  const left = a.toLowerCase().split('/').reverse()
  const right = b.toLowerCase().split('/').reverse()
  const differs = left.findIndex((part, i) => part !== right[i])
  return differs < 0 ? left.length : differs
}
