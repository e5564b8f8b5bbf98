import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * For commands that run long: loads now whatever they may need later, since an upgrade in between would take it away (bin/after-build.ts: the names of
 * chunks change with what is in them). A fifth of a second; nothing where the program is not bundled.
 */
export async function loadChunks(): Promise<void> {
  const folder = dirname(fileURLToPath(import.meta.url))
  if (basename(folder) !== 'chunks') return
  const others = (await readdir(folder)).filter((name) => !name.startsWith('program-')) // it runs, and would be waited for
  await Promise.all(others.map((name) => import(pathToFileURL(join(folder, name)).href)))
}
