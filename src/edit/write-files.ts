import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { renameOver } from '../files/rename-over.ts'

export interface FileWrite {
  readonly absolute: string
  /** null: delete the file. */
  readonly bytes: Buffer | null
  /** The current content; null: no file. */
  readonly original: Buffer | null
  /** Permission bits to write; null: those of any new file. */
  readonly mode: number | null
  /** Permission bits of the original. */
  readonly originalMode: number | null
}

/**
 * Writes all files, each atomically: a new file in the same folder replaces the old one, with the given mode. If one fails, the files
 * already written are restored, new folders are removed, and the error is thrown.
 */
export async function writeFiles(writes: readonly FileWrite[]): Promise<void> {
  const done: FileWrite[] = []
  const folders: string[] = []
  try {
    for (const write of writes) {
      if (write.bytes === null) await rm(write.absolute)
      else {
        folders.push(...(await makeFolder(dirname(write.absolute))))
        await putInPlace(write.absolute, write.bytes, write.mode)
      }
      done.push(write)
    }
  } catch (error) {
    await restore(done.reverse(), folders.reverse(), error)
    throw error
  }
}

async function putInPlace(absolute: string, bytes: Buffer, mode: number | null): Promise<void> {
  const temporary = join(dirname(absolute), `.repose-${randomBytes(6).toString('hex')}`)
  try {
    await writeFile(temporary, bytes, { flag: 'wx' })
    if (mode !== null) await chmod(temporary, mode)
    renameOver(temporary, absolute)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Returns the folders that it created, outermost first. */
async function makeFolder(folder: string): Promise<string[]> {
  const outermost = await mkdir(folder, { recursive: true })
  const made: string[] = []
  if (outermost === undefined) return made
  for (let one = folder; one.length >= outermost.length; one = dirname(one)) made.unshift(one)
  return made
}

async function restore(done: readonly FileWrite[], folders: readonly string[], cause: unknown): Promise<void> {
  const lost: string[] = []
  for (const { absolute, original, originalMode } of done) {
    const undo = original === null ? rm(absolute, { force: true }) : putInPlace(absolute, original, originalMode)
    await undo.catch(() => lost.push(absolute))
  }
  for (const folder of folders) await rmdir(folder).catch(() => {}) // it is not empty any more
  if (lost.length > 0)
    throw new Error(`writing failed, and these files could not be put back: ${lost.join(', ')}`, { cause })
}
