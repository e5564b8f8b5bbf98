import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { readRegularText } from '../../files/read-regular.ts'
import { realPath } from './mount.ts'

export interface GitFolders {
  /** `.git` of the working tree: a folder, or a file with the path of one. */
  readonly dotGit: string
  /** The folder that all worktrees of the repository share. */
  readonly commonDir: string
  /** Git folder of this worktree; `commonDir` for the main one. */
  readonly gitDir: string
  /** Object folders of other repositories that this one uses. */
  readonly alternates: readonly string[]
}

const MOST = 20 // alternates of alternates

/** Git's folders of a working tree, read from git's own files. null: `root` is no working tree. */
export function gitFolders(root: string): GitFolders | null {
  try {
    const dotGit = join(root, '.git')
    const gitDir = lstatSync(dotGit).isDirectory()
      ? dotGit
      : resolve(root, /^gitdir: (.*?)\r?\n*$/.exec(readRegularText(dotGit) ?? '')![1]!)
    const common = join(gitDir, 'commondir')
    const commonDir = existsSync(common) ? resolve(gitDir, readRegularText(common)!.trim()) : gitDir
    const objects = [join(commonDir, 'objects')]
    for (let at = 0; at < objects.length && at < MOST; at++)
      objects.push(...alternatesOf(objects[at]!).filter((other) => !objects.includes(other)))
    return { dotGit, commonDir, gitDir, alternates: objects.slice(1) }
  } catch {
    return null
  }
}

function alternatesOf(objects: string): readonly string[] {
  const lines = (readRegularText(join(objects, 'info/alternates')) ?? '').split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => resolve(objects, line))
}

const NAMED_BY_GIT = /^([0-9a-f]{2}|info|pack|tmp_\w+)$/

/** Whether a folder holds nothing but what git keeps in a folder of objects. */
export function isObjectFolder(path: string): boolean {
  try {
    return readdirSync(path).every((name) => NAMED_BY_GIT.test(name))
  } catch {
    return false
  }
}

/** Whether a part of a git folder is its own, or a link to the same part of another one (git-new-workdir makes such links). */
export function isPartOfGit(path: string): boolean {
  const real = realPath(path)
  if (real === null) return false
  const around = dirname(real)
  return around === realPath(dirname(path)) || (basename(real) === basename(path) && isGitFolder(around))
}

function isGitFolder(path: string): boolean {
  return existsSync(join(path, 'HEAD')) && existsSync(join(path, 'objects')) && existsSync(join(path, 'refs'))
}
