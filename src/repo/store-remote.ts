import { lstatSync, rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { makePrivateFolder } from '../files/private-files.ts'
import { readRegularText } from '../files/read-regular.ts'
import { removeTree } from '../files/remove-tree.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { writeOwnFile } from '../files/write-own-file.ts'
import { GitError, type GitOptions, git, splitNul, streamGit } from './git.ts'
import { IDENTITY } from './identity.ts'
import type { Repo } from './open-repo.ts'
import { otherEnd, remoteEnvironment } from './remote-environment.ts'
import { isAbsent, isDenied, isLost, remoteFailed } from './remote-failure.ts'
import { isLocal, type NamedRemote } from './remote-named.ts'

/** A file in the tree of a store's commit. */
export interface StoreFile {
  readonly path: string
  readonly blob: string
  readonly bytes: number
}

/** 'lost': another push was first. 'denied': the remote takes only fast-forward pushes. */
export type Pushed = 'done' | 'lost' | 'denied'

/** One ref of a remote: a commit whose tree holds files. Close it. */
export interface StoreRemote {
  readonly name: string
  readonly ref: string
  /** Gets the commit that the ref names now, with all its files; null: there is no such ref. */
  fetch(): Promise<string | null>
  /** The regular files of a commit, and the number of other entries. */
  files(commit: string): Promise<{ readonly files: readonly StoreFile[]; readonly others: number }>
  /** Their contents, in order; null: git cannot read it. One git process for 32 MB. */
  read(files: readonly StoreFile[]): AsyncGenerator<Buffer | null>
  /** Stores a content, and returns its id. */
  write(bytes: Buffer): Promise<string>
  /** Makes a commit of these contents, by path. parent: the commit that it follows; null: none. */
  commit(blobs: ReadonlyMap<string, string>, message: string, parent: string | null): Promise<string>
  /** Makes the ref name a commit, only if it still names `old` (null: nothing). Throws UserError if the remote refuses it. */
  push(commit: string, old: string | null): Promise<Pushed>
  /** Forgets what was fetched before: something in it is damaged. */
  forget(): Promise<void>
  close(): Promise<void>
}

const FOLDER = 'repose/store' // in the git folder: what was fetched, so that a fetch brings only what is new. A cache.
const MOST_FILES = 5000
const AT_ONCE = 32 * 2 ** 20 // bytes that are read by one process
const MOST_HEAD = 200 // bytes of the line before a content
const MOST_LISTED = 2_000_000 // bytes
const LIST_MS = 60_000 // a tree may hold one tree many times, level by level, and no file: git would list for years and print nothing
const MOST_CACHED = 256_000 // kB

/**
 * Opens a ref of a remote. Everything runs in an empty repository in the temporary folder, with an object folder of our own: no setting and
 * no hook of the user's repository counts, no ref of it changes, and HEAD, branches and shallow ends do not matter. Uses no network yet.
 * isDry: keeps nothing of what is fetched.
 */
export async function openStoreRemote(
  repo: Pick<Repo, 'root' | 'commonDir'>,
  remote: NamedRemote,
  ref: string,
  signal: AbortSignal,
  isDry = false,
): Promise<StoreRemote> {
  const folder = await mkdtemp(join(temporaryFolder(), 'repose-store-'))
  const cache = isDry ? join(folder, 'fetched') : join(repo.commonDir, FOLDER)
  const objects = join(cache, 'objects')
  requireFolder(cache)
  requireFolder(objects)
  makePrivateFolder(objects)
  rmSync(join(objects, 'info'), { recursive: true, force: true }) // alternates, which may have come with an archive
  const env = { ...(await remoteEnvironment(repo.root)), GIT_DIR: folder, GIT_OBJECT_DIRECTORY: objects }
  const options: GitOptions = { env, signal }
  const run = (args: readonly string[], more: GitOptions = {}) =>
    git(folder, args, { ...options, ...more, env: { ...env, ...more.env } })
  const end = async (url: string, service: 'upload-pack' | 'receive-pack') =>
    isLocal(url) ? [`--${service}=${await otherEnd(url, service)}`] : []
  const known = join(cache, 'known')

  const format = (await git(repo.root, ['rev-parse', '--show-object-format'], { signal })).trim()
  await git(folder, ['init', '-q', '--bare', '--template=', `--object-format=${format}`, folder], { signal })
  await nameKnown()

  /** What was fetched before is named, so that the remote sends only what is new. Old packs are never removed one by one. */
  async function nameKnown(): Promise<void> {
    const sizes = [...(await run(['count-objects', '-v'])).matchAll(/^size(?:-pack|-garbage)?: (\d+)$/gm)]
    if (sizes.reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0) > MOST_CACHED) return forget()
    const commit = (readRegularText(known) ?? '').trim()
    if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return
    const isWhole = await run(['rev-list', '--objects', '--max-count=1', commit]).then(
      () => true,
      () => false,
    )
    if (isWhole) await run(['update-ref', 'refs/heads/known', commit])
    else await forget()
  }

  async function forget(): Promise<void> {
    signal.throwIfAborted()
    rmSync(known, { force: true })
    await removeTree(objects)
    makePrivateFolder(objects)
    rmSync(join(folder, 'refs/heads/known'), { force: true })
  }

  return {
    name: remote.name,
    ref,
    forget,
    async fetch() {
      const url = remote.fetchUrl
      const args = [
        ...[
          '-c',
          'fetch.fsckObjects=true',
          '-c',
          'gc.auto=0',
          '-c',
          'maintenance.auto=false',
          '-c',
          'fetch.writeCommitGraph=false',
        ],
        ...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--refmap='],
        ...(await end(url, 'upload-pack')),
        ...['--', url, `+${ref}:refs/heads/known`],
      ]
      try {
        await run(args)
      } catch (error) {
        if (!(error instanceof GitError)) throw error
        if (isAbsent(error, ref)) return null
        throw remoteFailed(error, remote.name, ref)
      }
      const commit = (await run(['rev-parse', '--verify', 'refs/heads/known^{commit}'])).trim()
      writeOwnFile(known, `${commit}\n`)
      return commit
    },
    async files(commit) {
      let listed = ''
      await streamGit(folder, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit], {
        ...options,
        timeoutMs: LIST_MS,
        onOutput(chunk) {
          listed += chunk.toString('latin1')
          return listed.length < MOST_LISTED
        },
      })
      const entries = splitNul(listed).map((entry) => /^100644 blob (\w+) +(\d+)\t(.*)$/s.exec(entry))
      const files = entries.flatMap((found) =>
        found ? [{ path: found[3]!, blob: found[1]!, bytes: Number(found[2]) }] : [],
      )
      return { files: files.slice(0, MOST_FILES), others: entries.length - files.length }
    },
    async *read(files) {
      for (const some of portionsOf(files)) yield* await contentsOf(some)
    },
    async write(bytes) {
      const file = join(folder, 'content')
      await writeFile(file, bytes)
      return (await run(['hash-object', '-w', '--no-filters', '--', file])).trim()
    },
    async commit(blobs, message, parent) {
      const tree = await writeTree(blobs)
      const date = `${Math.floor(Date.now() / 1000)} +0000` // in no user's time zone
      const args = ['commit-tree', '--no-gpg-sign', ...(parent ? ['-p', parent] : []), '-F', '-', tree]
      const dated = { ...IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
      return (await run(args, { input: `${message}\n`, env: dated })).trim()
    },
    async push(commit, old) {
      const url = remote.pushUrl
      const args = [
        ...['-c', 'push.useBitmaps=false', 'push', '--quiet', '--no-verify', '--no-follow-tags', '--no-signed'],
        ...['--recurse-submodules=no', `--force-with-lease=${ref}:${old ?? ''}`],
        ...(await end(url, 'receive-pack')),
        ...['--', url, `${commit}:${ref}`],
      ]
      try {
        await run(args)
      } catch (error) {
        if (!(error instanceof GitError)) throw error
        if (isLost(error)) return 'lost'
        if (isDenied(error)) return 'denied'
        throw remoteFailed(error, remote.name, ref)
      }
      writeOwnFile(known, `${commit}\n`)
      return 'done'
    },
    close: () => removeTree(folder),
  }

  async function contentsOf(files: readonly StoreFile[]): Promise<(Buffer | null)[]> {
    const chunks: Buffer[] = []
    const most = files.reduce((sum, { bytes }) => sum + bytes + MOST_HEAD, 0)
    let length = 0
    await streamGit(folder, ['cat-file', '--batch'], {
      ...options,
      input: files.map(({ blob }) => `${blob}\n`).join(''),
      onOutput(chunk) {
        chunks.push(chunk)
        length += chunk.length
        return length <= most
      },
    }).catch((error: unknown) => {
      if (!(error instanceof GitError)) throw error // it ends at a damaged object: the rest is not there either
    })
    const output = Buffer.concat(chunks)
    let at = 0
    return files.map(({ bytes }) => {
      const end = output.indexOf('\n', at)
      if (end < 0) return null
      const isThere = /^\w+ blob \d+$/.test(output.toString('latin1', at, end))
      at = end + 1
      if (!isThere) return null
      const content = output.subarray(at, at + bytes)
      at += bytes + 1
      return content.length === bytes ? content : null
    })
  }

  async function writeTree(blobs: ReadonlyMap<string, string>): Promise<string> {
    const top: string[] = []
    const inFolders = new Map<string, string[]>()
    for (const [path, blob] of blobs) {
      const [name, inside] = path.split('/') as [string, string | undefined]
      if (inside === undefined) top.push(`100644 blob ${blob}\t${name}`)
      else inFolders.set(name, [...(inFolders.get(name) ?? []), `100644 blob ${blob}\t${inside}`])
    }
    const tree = async (lines: readonly string[]) =>
      (await run(['mktree'], { input: lines.map((line) => `${line}\n`).join('') })).trim()
    for (const [name, lines] of inFolders) top.push(`040000 tree ${await tree(lines)}\t${name}`)
    return tree(top)
  }
}

function portionsOf(files: readonly StoreFile[]): StoreFile[][] {
  const portions: StoreFile[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const file of files) {
    bytes += file.bytes
    if (bytes > AT_ONCE) {
      portions.push([])
      bytes = file.bytes
    }
    portions.at(-1)!.push(file)
  }
  return portions
}

/** A link may have come with an archive, and would lead to files of the user. */
function requireFolder(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats && !stats.isDirectory())
    throw new UserError(`${path} is not a folder: repose keeps there what it fetched`, 'see what it is, and delete it')
}
