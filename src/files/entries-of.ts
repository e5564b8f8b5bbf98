import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface Entry {
  /** With the bytes of its name, which need not be UTF-8. On Windows names are text, and only a string may be a long path. */
  readonly path: string | Buffer
  readonly entry: Dirent | Dirent<Buffer>
}

/** What lies in a folder, whatever its names. */
export async function entriesOf(folder: string | Buffer): Promise<Entry[]> {
  if (process.platform === 'win32') {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.map((entry) => ({ path: join(String(folder), entry.name), entry }))
  }
  const above = Buffer.concat([Buffer.from(folder as string), Buffer.from('/')])
  const entries = await readdir(above, { withFileTypes: true, encoding: 'buffer' })
  return entries.map((entry) => ({ path: Buffer.concat([above, entry.name]), entry }))
}
