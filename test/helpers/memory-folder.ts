import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const TMPFS = 0x01021994 // its number in the kernel
const ENOUGH = 2 ** 31 // bytes; a run of all tests fills some hundred MB at most
const DAY_MS = 86_400_000

/**
 * A folder in memory, as open to all users as /tmp is; null if TMPDIR names another place, or there is no memory file system with enough room in
 * which programs may run. Tests make and delete so many files that a disk takes a tenth of their processor time, and more of their waiting.
 */
export function memoryFolder(prefix: string): string | null {
  if (process.platform !== 'linux' || process.env.TMPDIR !== undefined || freemem() < 2 * ENOUGH) return null
  let folder: string
  try {
    const { type, bavail, bsize } = statfsSync(MEMORY)
    if (type !== TMPFS || bavail * bsize < ENOUGH) return null
    removeOld(prefix)
    folder = mkdtempSync(join(MEMORY, prefix))
  } catch {
    return null // it is missing, or not ours to write in
  }
  chmodSync(folder, 0o1777)
  const program = join(folder, 'program')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 })
  const runs = spawnSync(program).status === 0
  rmSync(runs ? program : folder, { recursive: true })
  return runs ? folder : null
}

/** Removes what killed runs have left: it would hold memory until the machine is started again. */
function removeOld(prefix: string): void {
  for (const name of readdirSync(MEMORY)) {
    const path = join(MEMORY, name)
    if (!name.startsWith(prefix)) continue
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats?.uid === process.getuid!() && Date.now() - stats.mtimeMs > DAY_MS) rmSync(path, { recursive: true })
  }
}
