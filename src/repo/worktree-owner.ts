import type { Stats } from 'node:fs'
import { lstat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readRegularText } from '../files/read-regular.ts'
import { renameOver } from '../files/rename-over.ts'

/** Start of the name of each run's folder below the system's folder for temporary files. */
export const FOLDER_PREFIX = 'repose-'

const schema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string().nullable().default(null),
  commonDir: z.string(),
  root: z.string(),
  links: z.array(z.string()),
})

/** The process that made a worktree, a Holder, kept beside it. links: repository paths of the dependency folders linked into it. */
export type WorktreeOwner = z.infer<typeof schema>

export async function writeOwner(folder: string, owner: WorktreeOwner): Promise<void> {
  await writeFile(join(folder, 'owner.new'), JSON.stringify(owner))
  renameOver(join(folder, 'owner.new'), join(folder, 'owner.json'))
}

/**
 * Reads the note in a folder found among temporary ones. null: not a folder of ours.
 *
 * Others may write there too, and what a note names is going to be removed: only a note of this user counts, in a folder that
 * nobody else may write to, and only a worktree in that folder.
 */
export async function readOwner(folder: string): Promise<WorktreeOwner | null> {
  try {
    const stats = await lstat(folder)
    if (!stats.isDirectory() || !isOwn(stats)) return null
    const note = join(folder, 'owner.json')
    if (!isOwn(await lstat(note))) return null
    const owner = schema.parse(JSON.parse(readRegularText(note) ?? ''))
    return dirname(owner.root) === folder ? owner : null
  } catch {
    return null // no note, or none of ours: leave it alone
  }
}

/** Of this user, and nobody else may write to it. Windows gives each user a folder for temporary files. */
function isOwn({ uid, mode }: Stats): boolean {
  return !process.getuid || (uid === process.getuid() && (mode & 0o022) === 0)
}
