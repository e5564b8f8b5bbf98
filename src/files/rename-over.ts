import { renameSync } from 'node:fs'

const PAUSES_MS = [20, 40, 80, 160, 200]

/** Renames `from` to `to` and replaces an existing file. A reader sees either the old or the new one. */
export function renameOver(from: string, to: string): void {
  whenFree(() => renameSync(from, to))
}

/** Does `work`. On Windows, retries it for half a second while another program, such as a virus scanner, has the file open. */
export function whenFree(work: () => void, platform: NodeJS.Platform = process.platform): void {
  for (const pause of platform === 'win32' ? PAUSES_MS : []) {
    try {
      work()
      return
    } catch (error) {
      if (!/^(EPERM|EACCES|EBUSY)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
  work()
}
