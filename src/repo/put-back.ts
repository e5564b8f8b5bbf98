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

async function standingAt(root: string, path: RepoPath): Promise<Standing> {
  const absolute = join(root, path)
  const place = { root, path, absolute }
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
  for (const { absolute, content } of changed) if (!content) await rm(absolute, { force: true }).catch(() => {})
  const left: Standing[] = []
  for (const one of changed) await replace(one).catch(() => left.push(one))
  for (const { absolute } of left) await rm(absolute, { force: true }).catch(() => {}) // frees space, and removes what is in the way
  for (const one of left) await write(one).catch(() => lost.push(one.absolute))
  if (lost.length > 0)
    throw new UserError(
      `not all could be written, and these files could not be put back: ${lost.map(shownPath).join(', ')}`,
      'see whether another program changes them, and whether there is space; git status shows what is there',
      { exitCode: 1, cause },
    )
}

/** Writes a file beside the path and renames it: whatever ends this process, the path has its present or its earlier content, whole. */
async function replace({ root, path, absolute, content, mode }: Standing): Promise<void> {
  if (!content) return
  if (!(await isWithin(root, path))) throw new Error(`${path} is not in the repository`)
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
}

const { O_CREAT, O_NOFOLLOW = 0, O_TRUNC, O_WRONLY } = constants
const NO_LINK = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW

/** Looks at the folder again: a path before it may just have become a link. */
async function write({ root, path, absolute, content, mode }: Standing): Promise<void> {
  if (!content) return
  if (!(await isWithin(root, path))) throw new Error(`${path} is not in the repository`)
  await mkdir(dirname(absolute), { recursive: true })
  if (content.kind === 'link') return symlink(content.bytes, absolute)
  await writeFile(absolute, content.bytes, { flag: NO_LINK })
  await chmod(absolute, mode)
}

/** Restores permission bits of files that git rewrote: git stores only the executable bit. */
export async function restoreModes(before: readonly Standing[]): Promise<void> {
  for (const { absolute, content, mode } of before) {
    const now = content?.kind === 'file' ? await lstat(absolute).catch(() => null) : null
    if (!now?.isFile()) continue
    const isProgram = (now.mode & 0o100) !== 0
    const readers = (mode & 0o444) >> 2
    const wanted = !isProgram ? mode & ~0o111 : (mode & 0o111) !== 0 ? mode : mode | readers
    if (wanted !== (now.mode & 0o7777)) await chmod(absolute, wanted)
  }
}
