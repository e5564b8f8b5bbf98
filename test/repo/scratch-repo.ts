import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { copyFolder } from '../helpers/copy-folder.ts'
import { refreshIndex } from '../helpers/refresh-index.ts'
import { newFolder } from '../helpers/scratch-folders.ts'
import { madeOnceNow } from '../helpers/shared-folder.ts'

export const scratchFolder = (): string => newFolder('test-worktree-')

type Files = Readonly<Record<string, string | Buffer>>

/** A new repository with one commit of the given files. It is made once for the same files, and copied: no git process instead of five. */
export function scratchRepo(files: Files, name = 'project'): string {
  const hash = createHash('sha1')
  for (const [path, content] of Object.entries(files)) hash.update(`${path}\0`).update(content).update('\0')
  return repoOf(hash.digest('hex'), (folder) => commitFiles(folder, files), name)
}

/** A new repository with a history. It is made once for the same key, and copied. make: gets a repository with one commit of the files. */
export function repoWithHistory(key: string, files: Files, make: (root: string) => void): string {
  return repoOf(key, (folder) => {
    commitFiles(folder, files)
    make(folder)
  })
}

function repoOf(key: string, make: (folder: string) => void, name = 'project'): string {
  const root = join(scratchFolder(), name)
  copyFolder(madeOnceNow(`scratch-${key}`, make), root)
  refreshIndex(root)
  return root
}

function commitFiles(root: string, files: Files): void {
  const empty = madeOnceNow('scratch', (folder) => {
    sh(folder, 'init', '-q', '-b', 'main')
    appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ada\n\temail = ada@example.org\n')
    for (const sample of readdirSync(join(folder, '.git/hooks'))) rmSync(join(folder, '.git/hooks', sample))
  })
  copyFolder(empty, root)
  for (const [path, content] of Object.entries(files)) write(root, path, content)
  sh(root, 'add', '-A', '-f')
  sh(root, 'commit', '-q', '--allow-empty', '-m', 'first')
}

/** A clone of a repository without the contents of the past. bare: also without those of today. */
export function partialClone(root: string, isEmpty = false): string {
  sh(root, 'config', 'uploadpack.allowFilter', 'true')
  const clone = join(scratchFolder(), 'clone')
  sh(root, 'clone', '-q', ...(isEmpty ? ['--no-checkout'] : []), '--filter=blob:none', pathToFileURL(root).href, clone)
  return clone
}

/** Brings them. */
export function bringContents(clone: string): void {
  sh(clone, 'fetch', '-q', '--refetch', '--no-filter')
}

export function sh(root: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export function write(root: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

export function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** All that must not change while an agent works: status and HEAD, index, refs, reflogs (that of the stash too), worktrees, settings. */
export function userState(root: string): Record<string, string> {
  const bytes = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(root, path)))
      .digest('hex')
  return {
    index: bytes('.git/index'),
    config: bytes('.git/config'),
    exclude: bytes('.git/info/exclude'),
    status: sh(root, '--no-optional-locks', 'status', '--porcelain=v2', '--branch', '-z', '--ignored'),
    refs: sh(root, 'for-each-ref'),
    reflog: sh(root, 'reflog', '--all'),
    worktrees: sh(root, 'worktree', 'list'),
  }
}
