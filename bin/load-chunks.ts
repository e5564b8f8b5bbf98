import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const LOAD_MS = 5000 // half a second of processor time, which a short command does not need

/**
 * Loads early what a long-running command may need later, before an upgrade deletes it (bin/after-build.ts: the names of chunks
 * change with their content). Does nothing if the program is not bundled. onFault: default, none; what cannot be loaded fails where it is needed.
 * The timer that it returns may be cleared when nothing more is needed.
 */
export function loadChunksSoon(onFault: (error: Error) => void = () => {}): NodeJS.Timeout | undefined {
  const folder = dirname(fileURLToPath(import.meta.url))
  if (basename(folder) !== 'chunks') return undefined
  return setTimeout(() => loadChunks(folder).catch(onFault), LOAD_MS).unref()
}

async function loadChunks(folder: string): Promise<void> {
  const others = (await readdir(folder)).filter((name) => !name.startsWith('program-')) // it is running: an import waits for its end
  await Promise.all(others.map((name) => import(pathToFileURL(join(folder, name)).href)))
}
