import { rmSync } from 'node:fs'
import { onTestFinished, vi } from 'vitest'

export const isWindows = process.platform === 'win32'

/** A path as the file system here takes it: Windows refuses some characters in names. */
export function pathHere(path: string): string {
  return isWindows ? path.replace(/[<>:"|?*\x00-\x1f]/g, '_') : path
}

/** Permission bits as they are told here: Windows knows only whether a file may be written. */
export function modeHere(mode: number): number {
  return isWindows ? 0o666 : mode
}

/** Until the test ends, the user's home is `folder`. */
export function moveHome(folder: string): void {
  for (const name of ['HOME', 'USERPROFILE']) vi.stubEnv(name, folder)
  onTestFinished(() => void vi.unstubAllEnvs())
}

/** Removes a folder of a test; on Windows a file may still be open for a moment. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
}
