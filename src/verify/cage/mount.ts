import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'

/** What a path of the machine is inside the cage. A path without a mount does not exist there. */
export type Mount =
  /** Read-only. */
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string }
  /** Readable; writes are discarded with the cage, and no socket in it can be reached. */
  | { readonly kind: 'layer'; readonly path: string }
  /** An empty folder; writes are discarded with the cage. */
  | { readonly kind: 'empty'; readonly path: string }
  /** A read-only folder that contains only other mounts. */
  | { readonly kind: 'bare'; readonly path: string }
  /** Hides a file, folder or socket. */
  | { readonly kind: 'hidden'; readonly path: string }
  /** A read-only file with this text. */
  | { readonly kind: 'text'; readonly path: string; readonly text: string }
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  /** The content of `from`, read-only. */
  | { readonly kind: 'copy'; readonly path: string; readonly from: string }

const SHOWS: readonly Mount['kind'][] = ['read', 'layer', 'copy']

/** Whether `path` is `folder` or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Mounts for a path: its real path with `kind`, and the symbolic links that lead to it. [] if there is none. */
export function mountsOf(path: string, kind: 'read' | 'layer' = 'read'): readonly Mount[] {
  try {
    const mounts: Mount[] = []
    let rest = resolve(path).split(sep).filter(Boolean)
    let at = '/'
    for (let steps = 0; rest.length > 0; ) {
      at = join(at, rest.shift()!)
      if (!lstatSync(at).isSymbolicLink()) continue
      if (++steps > 40) return []
      const to = readlinkSync(at)
      mounts.push({ kind: 'link', path: at, to })
      rest = [...resolve(dirname(at), to).split(sep).filter(Boolean), ...rest]
      at = '/'
    }
    return [...mounts, { kind: statSync(at).isDirectory() ? kind : 'read', path: at }]
  } catch {
    return [] // missing or inaccessible
  }
}

/**
 * Whether a path leads out of some folders by a link that lies in one of them. Such a link in a working tree may have come with the repository,
 * and would show any folder of the user.
 */
export function leadsOut(path: string, folders: readonly string[]): boolean {
  const mounts = mountsOf(path)
  const isIn = (one: string) => folders.some((folder) => isWithin(one, folder))
  const end = mounts.at(-1)
  return end !== undefined && !isIn(end.path) && mounts.some(({ kind, path: at }) => kind === 'link' && isIn(at))
}

/** Symbolic links resolved; null: no such path. */
export function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

/**
 * Mounts in the order in which they must be made: containers first. If two have one path, the later one counts, but a layer stays readable.
 * Redundant mounts are left out: a link or a readable path within a folder that is shown.
 */
export function inOrder(mounts: readonly Mount[]): readonly Mount[] {
  const byPath = new Map<string, Mount>()
  for (const mount of mounts)
    if (mount.kind !== 'read' || byPath.get(mount.path)?.kind !== 'layer') byPath.set(mount.path, mount)
  const sorted = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return sorted.filter(({ kind, path }) => {
    if (kind !== 'read' && kind !== 'link') return true
    const around = nearest(dirname(path), byPath)
    return !around || !SHOWS.includes(around.kind)
  })
}

/** The mount that shows `path` in the cage; undefined: none. */
export function nearest(path: string, byPath: ReadonlyMap<string, Mount>): Mount | undefined {
  for (let at = path; ; at = dirname(at)) {
    const mount = byPath.get(at)
    if (mount || at === dirname(at)) return mount
  }
}
