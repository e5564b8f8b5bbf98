import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Loads now what a long-running command may need later: an upgrade in between would delete it (bin/after-build.ts: the names of chunks
 * change with their content). A fifth of a second; nothing if the program is not bundled.
 */
export async function loadChunks(): Promise<void> {
  const folder = dirname(fileURLToPath(import.meta.url))
  if (basename(folder) !== 'chunks') return
  const others = (await readdir(folder)).filter((name) => !name.startsWith('program-')) // it is running: an import waits for its end
  await Promise.all(others.map((name) => import(pathToFileURL(join(folder, name)).href)))
}
