import { lstatSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Mount, nearest, realPath } from './mount.ts'

/**
 * Hides the sockets that programs listen on now in visible folders: even a read-only one accepts connections. Not those that were bound by
 * a relative path; of a layer no socket can be reached.
 */
export function socketsIn(mounts: readonly Mount[]): readonly Mount[] {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]))
  let table = ''
  try {
    table = readFileSync('/proc/net/unix', 'utf8')
  } catch {}
  const paths = new Set(
    [...table.matchAll(/ (\/.*)$/gm)].map(([, path]) => join(realPath(dirname(path!)) ?? '/', basename(path!))),
  )
  return [...paths]
    .filter((path) => isShown(path, byPath) && isSocket(path))
    .map((path): Mount => ({ kind: 'hidden', path }))
}

function isShown(path: string, byPath: ReadonlyMap<string, Mount>): boolean {
  const kind = nearest(path, byPath)?.kind
  return kind === 'read' || kind === 'layer' || kind === 'copy'
}

function isSocket(path: string): boolean {
  try {
    return lstatSync(path).isSocket()
  } catch {
    return false
  }
}
