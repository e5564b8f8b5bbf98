import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeFolder } from './platform.ts'

const folders: string[] = []

/** A new folder under the system's temporary one, by its real path. It is removed when the file of tests has ended. */
export function newFolder(prefix: string): string {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), prefix)))
  folders.push(folder)
  return folder
}

/** Called by every-file.ts. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) removeFolder(folder)
}
