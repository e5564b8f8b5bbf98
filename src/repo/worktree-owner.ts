import { readlinkSync, type Stats } from 'node:fs'
import { lstat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, join, sep } from 'node:path'
import { z } from 'zod'
import { readRegularText } from '../files/read-regular.ts'
import { renameOver } from '../files/rename-over.ts'

/** Prefix of each run's folder in the system's temporary folder. */
export const FOLDER_PREFIX = 'repose-'

const schema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string().nullable().default(null),
  machine: z.string().nullable().default(null),
  commonDir: z.string(),
  root: z.string(),
  links: z.array(z.string()),
})

/**
 * The process that made a worktree, a Holder, stored beside it. machine: where its process number is valid (thisMachine). links: repository
 * paths of the dependency folders linked into it.
 */
export type WorktreeOwner = z.infer<typeof schema>

/** The host name, and on Linux the PID namespace: a container has its own. */
export function thisMachine(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

export async function writeOwner(folder: string, owner: WorktreeOwner): Promise<void> {
  await writeFile(join(folder, 'owner.new'), JSON.stringify(owner))
  renameOver(join(folder, 'owner.new'), join(folder, 'owner.json'))
}

/**
 * Reads the note in a temporary folder. null: not one of ours.
 *
 * Others may write to the temporary folder too, and what a note names will be deleted. So a note counts only if it belongs to this user,
 * lies in a folder that nobody else may write to, and names a worktree in that folder, of a repository elsewhere. An archive that was
 * unpacked beside temporary files may have one, too.
 */
export async function readOwner(folder: string): Promise<WorktreeOwner | null> {
  try {
    const stats = await lstat(folder)
    if (!stats.isDirectory() || !isOwn(stats)) return null
    const note = join(folder, 'owner.json')
    if (!isOwn(await lstat(note))) return null
    const owner = schema.parse(JSON.parse(readRegularText(note) ?? ''))
    const isIn = join(folder, basename(owner.root)) === owner.root && owner.root !== folder // not 'folder/..'
    if (!isIn || owner.commonDir.startsWith(folder + sep)) return null
    return (await isFolderOrGone(owner.root)) ? owner : null
  } catch {
    return null // no note of ours: leave it alone
  }
}

/** Not a link: what that leads to is not ours. */
async function isFolderOrGone(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null)
  return stats === null || stats.isDirectory()
}

/** Belongs to this user, and nobody else may write to it. Windows has a temporary folder per user. */
function isOwn({ uid, mode }: Stats): boolean {
  return !process.getuid || (uid === process.getuid() && (mode & 0o022) === 0)
}
