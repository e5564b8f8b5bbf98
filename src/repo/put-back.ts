import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { renameOver } from '../files/rename-over.ts'
import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { isWithin } from './is-within.ts'

/** Content at a path: a file's bytes or a link's target; null: neither. mode: permission bits of a file. */
export interface Standing {
  /** Of the working tree. */
  readonly root: string
  readonly path: RepoPath
  readonly absolute: string
  readonly content: { readonly kind: 'file' | 'link'; readonly bytes: Buffer } | null
  readonly mode: number
}

export function readStanding(root: string, paths: readonly RepoPath[]): Promise<Standing[]> {
  return Promise.all(paths.map((path) => standingAt(root, path)))
}

/** Below a link there is nothing: what it leads to is no file of the repository, and must not get into a record. */
async function standingAt(root: string, path: RepoPath): Promise<Standing> {
  const absolute = join(root, path)
  const place = { root, path, absolute }
  if (!(await isWithin(root, path))) return { ...place, content: null, mode: 0 }
  const stats = await lstat(absolute).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  const mode = (stats?.mode ?? 0) & 0o7777
  const isLink = stats?.isSymbolicLink() ?? false
  if (!isLink && !stats?.isFile()) return { ...place, content: null, mode: 0 }
  const bytes = await (isLink ? readlink(absolute, { encoding: 'buffer' }) : readFile(absolute)).catch(ifReplaced)
  return bytes ? { ...place, content: { kind: isLink ? 'link' : 'file', bytes }, mode } : standingAt(root, path)
}

/** null: something else is there, or nothing, since another program writes the same files. */
function ifReplaced(error: NodeJS.ErrnoException): null {
  if (/^(ENOENT|ENOTDIR|EINVAL|EISDIR)$/.test(error.code ?? '')) return null
  throw error
}

/** Restores paths after work that failed with `cause`. Throws if that is not possible, and names them. */
export async function putBack(before: readonly Standing[], cause: unknown): Promise<void> {
  const lost: string[] = []
  const changed: Standing[] = []
  for (const one of before) {
    const now = await standingAt(one.root, one.path).catch(() => null)
    const isSame =
      now?.content && one.content
        ? now.content.kind === one.content.kind && now.content.bytes.equals(one.content.bytes) && now.mode === one.mode
        : now !== null && now.content === one.content
    if (!isSame) changed.push(one)
  }
  for (const one of changed) if (!one.content) await remove(one)
  const left: Standing[] = []
  for (const one of changed) await replace(one).catch(() => left.push(one))
  for (const one of left) await remove(one) // frees space, and removes what is in the way
  for (const one of left) await write(one).catch(() => lost.push(one.absolute))
  if (lost.length > 0)
    throw new UserError(
      `not all could be written, and these files could not be put back: ${lost.map(shownPath).join(', ')}`,
      'see whether another program changes them, and whether there is space; git status shows what is there',
      { exitCode: 1, cause },
    )
}

/**
 * The only way to a write, a removal or a change of modes at a recorded path. It looks at the folders each time, since the step before may
 * have made a link of one. Throws if the path leads out of the repository, into git's folder or through a link.
 */
async function inPlace({ root, path, absolute }: Standing, change: (absolute: string) => Promise<void>): Promise<void> {
  if (!(await isWithin(root, path))) throw new Error(`${path} is not in the repository`)
  await change(absolute)
}

async function remove(one: Standing): Promise<void> {
  await inPlace(one, (absolute) => rm(absolute, { force: true })).catch(() => {})
}

/** Writes a file beside the path and renames it: whatever ends this process, the path has its present or its earlier content, whole. */
async function replace(one: Standing): Promise<void> {
  const { content, mode } = one
  if (!content) return
  await inPlace(one, async (absolute) => {
    await mkdir(dirname(absolute), { recursive: true })
    const temporary = join(dirname(absolute), `.repose-${randomBytes(6).toString('hex')}`)
    try {
      if (content.kind === 'link') await symlink(content.bytes, temporary)
      else await writeFile(temporary, content.bytes, { flag: 'wx' })
      if (content.kind === 'file') await chmod(temporary, mode)
      renameOver(temporary, absolute)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  })
}

const { O_CREAT, O_NOFOLLOW = 0, O_TRUNC, O_WRONLY } = constants
const NO_LINK = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW

async function write(one: Standing): Promise<void> {
  const { content, mode } = one
  if (!content) return
  await inPlace(one, async (absolute) => {
    await mkdir(dirname(absolute), { recursive: true })
    if (content.kind === 'link') return symlink(content.bytes, absolute)
    await writeFile(absolute, content.bytes, { flag: NO_LINK })
    await chmod(absolute, mode)
  })
}

/** Restores permission bits of files that git rewrote: git stores only the executable bit. */
export async function restoreModes(before: readonly Standing[]): Promise<void> {
  for (const one of before) {
    if (one.content?.kind !== 'file' || !(await isWithin(one.root, one.path))) continue // a folder of it has become a link
    const now = await lstat(one.absolute).catch(() => null)
    if (!now?.isFile()) continue
    const isProgram = (now.mode & 0o100) !== 0
    const readers = (one.mode & 0o444) >> 2
    const wanted = !isProgram ? one.mode & ~0o111 : (one.mode & 0o111) !== 0 ? one.mode : one.mode | readers
    if (wanted !== (now.mode & 0o7777)) await inPlace(one, (absolute) => chmod(absolute, wanted))
  }
}
