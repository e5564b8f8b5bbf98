import { accessSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'

/**
 * The folder in which mkdtemp makes all temporary folders: absolute, symbolic links resolved. It is the system's, or one in the user's
 * cache if others may rename what is in the system's (everybody may write to it, and it is not sticky). Throws UserError if it is missing
 * or not writable.
 */
export function temporaryFolder(): string {
  const folder = tmpdir()
  let real: string
  try {
    real = realpathSync.native(folder)
    if (!statSync(real).isDirectory()) throw new Error('no folder')
    accessSync(real, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new UserError(
      `the folder for temporary files, ${folder}, does not exist or cannot be written`,
      'set TMPDIR to a folder that you can write to',
      { cause },
    )
  }
  return mayOthersRename(real) ? inCache(real) : real
}

function inCache(refused: string): string {
  const own = join(homedir(), '.cache/repose/tmp')
  let real: string | null = null
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 })
    real = realpathSync.native(own)
    accessSync(real, constants.W_OK | constants.X_OK)
  } catch {
    real = null
  }
  if (real !== null && !mayOthersRename(real)) return real
  throw new UserError(
    `everybody may rename what is in the folder for temporary files, ${refused}`,
    'make it sticky (chmod +t), or set TMPDIR to a folder of your own',
  )
}

/** Whether a folder, or one above it, is writable for everybody without being sticky. Windows has a temporary folder per user. */
function mayOthersRename(folder: string): boolean {
  if (process.platform === 'win32') return false
  for (let at = folder; ; at = dirname(at)) {
    const { mode } = statSync(at)
    if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0) return true
    if (at === dirname(at)) return false
  }
}
