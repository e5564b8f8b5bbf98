import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'

/** What a path of the machine is within the cage. Where no mount says anything, nothing is there. */
export type Mount =
  /** As it is, and never written. */
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string }
  /** As it is; what is written to it is forgotten with the cage. */
  | { readonly kind: 'layer'; readonly path: string }
  /** An empty folder; what is written to it is forgotten with the cage. */
  | { readonly kind: 'empty'; readonly path: string }
  /** A folder of which nothing is there but what other mounts show. Never written. */
  | { readonly kind: 'bare'; readonly path: string }
  /** In the place of a file, folder or socket: nothing. */
  | { readonly kind: 'hidden'; readonly path: string }
  /** A file of that text, never written. */
  | { readonly kind: 'text'; readonly path: string; readonly text: string }
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  /** What stands at `from`, never written. */
  | { readonly kind: 'copy'; readonly path: string; readonly from: string }

const SHOWS: readonly Mount['kind'][] = ['read', 'layer', 'copy']

/** Whether `path` is `folder` or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** A path as mounts: the real one of `kind`, and the symbolic links on the way to it. [] when there is none. */
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
    return [] // not there, or not to be seen
  }
}

/** Symbolic links resolved; null: there is no such path. */
export function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

/**
 * Mounts in the order in which they must be made: what holds others before them. Of two at one path the later one counts, but a layer
 * can be read anyway. Left out is what is already as it should be: a link or something to read within what is shown.
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

/** What shows `path` within the cage; undefined: nothing does. */
export function nearest(path: string, byPath: ReadonlyMap<string, Mount>): Mount | undefined {
  for (let at = path; ; at = dirname(at)) {
    const mount = byPath.get(at)
    if (mount || at === dirname(at)) return mount
  }
}
