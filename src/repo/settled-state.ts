import { type BigIntStats, lstatSync, statSync } from 'node:fs'

const SETTLED_MS = 2000 // the coarsest clock of a file system that git meets (FAT)

/**
 * What the file system says of these paths. Equal texts mean that nothing there was written, replaced, created or deleted in between. null:
 * something was written so lately that a further change need not show in its times.
 */
export function settledState(paths: readonly string[]): string | null {
  const latest = Date.now() - SETTLED_MS
  const said: string[] = []
  for (const path of paths) {
    for (const stats of statsOf(path)) {
      if (Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs)) > latest) return null
      const { dev, ino, mode, size, mtimeNs, ctimeNs } = stats
      said.push([dev, ino, mode, size, mtimeNs, ctimeNs].join(' '))
    }
    said.push('\0')
  }
  return said.join('\n')
}

/** Of what is there, and of the target if it is a link. Nothing: it is absent, or cannot be reached. */
function statsOf(path: string): BigIntStats[] {
  try {
    const own = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    if (!own) return []
    const target = own.isSymbolicLink() ? statSync(path, { bigint: true, throwIfNoEntry: false }) : undefined
    return target ? [own, target] : [own]
  } catch {
    return []
  }
}
