import { lstat, realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { isGitFolder } from '../files/canonical-name.ts'
import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'

export interface SafePath {
  readonly path: RepoPath
  /** Its location with the symbolic links of its folders resolved: equal for two spellings of one file. */
  readonly absolute: string
  /** The same from the top of the repository. */
  readonly real: RepoPath
  /** null: nothing exists there yet. mode: permission bits. */
  readonly file: { readonly mode: number; readonly bytes: number } | null
}

/**
 * The target of an edit to `path`: a regular file in the repository, or a place for one.
 *
 * root: absolute, symbolic links resolved. Returns a message for a path that could leave the repository, reaches git's own files, or is not
 * a file. Valid only for this moment; nothing else should move folders meanwhile.
 */
export async function safePath(root: string, path: string): Promise<SafePath | { readonly problem: string }> {
  const form = formProblem(path)
  if (form) return { problem: form }
  const clean = path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
  if (clean === '') return { problem: 'the path is empty' }
  const target = join(root, ...clean.split('/'))

  const parent = await nearestParent(dirname(target))
  if ('problem' in parent) return { problem: `${relative(root, parent.problem)} is a broken symbolic link` }
  if (!parent.isFolder) return { problem: `${relative(root, parent.given)} is a file, not a folder` }
  const absolute = join(parent.real, relative(parent.given, target))
  const inside = relative(root, absolute)
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || join(root, inside) !== absolute) {
    return { problem: 'path leaves the repository through a symbolic link' }
  }
  if (inside.split(sep).some(isGitFolder)) return { problem: "path is inside '.git'" }

  const stats = await lstat(absolute).catch(absent)
  if (!stats && clean.includes('\\')) return { problem: NO_SEPARATOR } // even on systems that allow '\' in names, in a new name it means folders
  if (stats?.isSymbolicLink())
    return { problem: `${shownPath(clean)} is a symbolic link: edit the file that it points to` }
  if (stats?.isDirectory()) return { problem: `${shownPath(clean)} is a folder` }
  if (stats && !stats.isFile()) return { problem: `${shownPath(clean)} is not a regular file` }
  const real = inside.split(sep).join('/')
  return { path: clean, absolute, real, file: stats ? { mode: stats.mode & 0o7777, bytes: stats.size } : null }
}

const MOST_BYTES = 2000 // with a folder before it, Linux still accepts the path
const MOST_PARTS = 100 // to look at each folder of a path takes quadratic time
const NO_SEPARATOR = "path holds a '\\': separate folders by '/'"

/** What is wrong with the form of a path, without looking at the disk; null: nothing. */
export function formProblem(path: string, platform: NodeJS.Platform = process.platform): string | null {
  if (path.includes('\0')) return 'path holds a NUL character'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'path is absolute: give it relative to the repository'
  if (platform === 'win32' && path.includes('\\')) return NO_SEPARATOR
  const parts = path.split('/')
  if (parts.includes('..')) return "path leaves the repository: '..' is not allowed in it"
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return 'a name in the path is longer than 255 bytes'
  if (Buffer.byteLength(path) > MOST_BYTES) return `the path is longer than ${MOST_BYTES} bytes`
  if (parts.length > MOST_PARTS) return `the path has more than ${MOST_PARTS} parts`
  if (parts.some(isGitFolder)) return "path is inside '.git'"
  const refused = platform === 'win32' ? parts.find(isRefusedByWindows) : undefined
  return refused === undefined ? null : `Windows allows no name like ${JSON.stringify(refused)}`
}

// Windows opens the device, whatever extension follows.
const DEVICE = /^(con|prn|aux|nul|com[1-9\u00b9\u00b2\u00b3]|lpt[1-9\u00b9\u00b2\u00b3]) *(\.|$)/i

function isRefusedByWindows(name: string): boolean {
  return name !== '.' && (/[<>:"|?*\x00-\x1f]|[. ]$/.test(name) || DEVICE.test(name))
}

async function nearestParent(
  from: string,
): Promise<{ given: string; real: string; isFolder: boolean } | { problem: string }> {
  for (let folder = from; ; folder = dirname(folder)) {
    const stats = await lstat(folder).catch(absent)
    if (!stats) continue
    const real = await realpath(folder).catch(absent)
    if (real === null) return { problem: folder }
    const isFolder = (await lstat(real)).isDirectory()
    return { given: folder, real, isFolder }
  }
}

/** ELOOP: a link to itself, which leads nowhere. */
function absent(error: NodeJS.ErrnoException): null {
  if (/^(ENOENT|ENOTDIR|ELOOP|ENAMETOOLONG)$/.test(error.code ?? '')) return null
  throw error
}
