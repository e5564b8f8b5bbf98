import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

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

/** Git settings without credentials: passwords, also in addresses, headers, credential helpers. */
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
