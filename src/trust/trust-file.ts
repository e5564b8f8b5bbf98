import { lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { userFolder } from '../config/user-folder.ts'
import { UserError } from '../errors.ts'
import { writeOwnFile } from '../files/write-own-file.ts'

const ENTRY = z.object({
  /** Digest of what was trusted: see trust.ts. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** For the user to read: git's own folder, and the checks. */
  repository: z.string(),
  checks: z.array(z.string()),
  /** Milliseconds since 1970. */
  at: z.number(),
})
const FILE = z.object({ version: z.literal(1), trusted: z.array(ENTRY) })

export type TrustEntry = Readonly<z.output<typeof ENTRY>>

const MOST_BYTES = 1_000_000

/** '~/.config/repose/trust.json'. */
export function trustFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(userFolder(env), 'trust.json')
}

/**
 * What the user has trusted; [] if there is no file yet. Throws UserError for a file that repose did not write in this form, or that others
 * can write.
 */
export function readTrust(env: NodeJS.ProcessEnv = process.env): readonly TrustEntry[] {
  const path = trustFile(env)
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats) return []
  const broken = (what: string) =>
    new UserError(`${path} ${what}`, 'delete it, and trust your repositories again: repose trust')
  if (!stats.isFile() || stats.size > MOST_BYTES) throw broken('is not a file that repose wrote')
  const isOfAnother = process.getuid !== undefined && ![0, process.getuid()].includes(stats.uid)
  if (isOfAnother || (process.platform !== 'win32' && (stats.mode & 0o022) !== 0))
    throw broken('can be written by others, so nothing in it is trusted')
  try {
    return FILE.parse(JSON.parse(readFileSync(path, 'utf8'))).trusted
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) throw broken('is not as repose writes it')
    throw cause
  }
}

/**
 * Replaces the list by what `change` makes of it, atomically. Only the user can read the file. One process at a time: otherwise the second of two
 * that read the same list would undo the change of the first, which may have revoked trust.
 */
export function changeTrust(
  change: (trusted: readonly TrustEntry[]) => readonly TrustEntry[],
  env: NodeJS.ProcessEnv = process.env,
): void {
  const path = trustFile(env)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const release = takeTurn(`${path}.lock`)
  try {
    writeOwnFile(path, `${JSON.stringify({ version: 1, trusted: change(readTrust(env)) }, null, 2)}\n`)
  } finally {
    release()
  }
}

const WAIT_MS = 20
const LONGEST_MS = 5000

/** Takes a lock, which is a folder, and returns a function that releases it. One that stays for 5 s was left by a killed process. */
function takeTurn(lock: string): () => void {
  for (let waited = 0; ; waited += WAIT_MS) {
    try {
      mkdirSync(lock, { mode: 0o700 })
      return () => rmSync(lock, { recursive: true, force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (waited >= LONGEST_MS) rmSync(lock, { recursive: true, force: true })
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS)
  }
}
