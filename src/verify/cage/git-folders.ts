import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface GitFolders {
  /** `.git` of the working tree: a folder, or a file that names one. */
  readonly dotGit: string
  /** The folder that all worktrees of the repository share. */
  readonly commonDir: string
  /** Of this worktree; `commonDir` itself for the first one. */
  readonly gitDir: string
  /** Folders of objects that others have, and this repository uses. */
  readonly alternates: readonly string[]
}

const MOST = 20 // alternates of alternates

/** Where git keeps what belongs to a working tree, read from its own files. null: `root` is no working tree. */
export function gitFolders(root: string): GitFolders | null {
  try {
    const dotGit = join(root, '.git')
    const gitDir = lstatSync(dotGit).isDirectory()
      ? dotGit
      : resolve(root, /^gitdir: (.*?)\r?\n*$/.exec(readFileSync(dotGit, 'utf8'))![1]!)
    const common = join(gitDir, 'commondir')
    const commonDir = existsSync(common) ? resolve(gitDir, readFileSync(common, 'utf8').trim()) : gitDir
    const objects = [join(commonDir, 'objects')]
    for (let at = 0; at < objects.length && at < MOST; at++)
      objects.push(...alternatesOf(objects[at]!).filter((other) => !objects.includes(other)))
    return { dotGit, commonDir, gitDir, alternates: objects.slice(1) }
  } catch {
    return null
  }
}

function alternatesOf(objects: string): readonly string[] {
  const list = join(objects, 'info/alternates')
  if (!existsSync(list)) return []
  const lines = readFileSync(list, 'utf8').split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => resolve(objects, line))
}

/** Settings without what opens doors: passwords, also in addresses, headers, helpers that tell them. */
export function withoutCredentials(config: string): string {
  return config
    .replace(/\\\r?\n/g, '')
    .split('\n')
    .map((line) =>
      line.replace(
        /^(\s*(\[.*\])?\s*)[\w.]*(extraheader|password|token|secret|key|helper|cookiefile|proxy)\w*\s*=.*/i,
        '$1',
      ),
    )
    .map((line) => line.replace(/(:\/\/)[^/\s"@]*@/g, '$1'))
    .join('\n')
}
