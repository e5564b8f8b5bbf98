import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { breather } from './breathe.ts'

/** Where file systems are mounted for this process. [] if the system does not tell. */
export function mountPoints(): readonly string[] {
  return fieldIn(mountsOf('self'), POINT)
}

/**
 * Whether a process of this user has this folder mounted, as each process of a cage has its worktree. Such a process may still change
 * what is in it, whichever run started it. It may have moved the place of the mount, but not the folder that is mounted: its last two names
 * tell it, which are unique for a worktree. Processes of other users do not count: none of them is in a cage of ours, and their mounts
 * could be any. False where there are no such mounts. Takes 10 ms for 100 processes.
 */
export async function isMounted(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const end = `/${basename(dirname(folder))}/${basename(folder)}`
  const isIn = (mounts: string) =>
    mounts.includes(plainPart(end)) && fieldIn(mounts, ROOT).some((root) => root.replace(DELETED, '').endsWith(end))
  const seen = new Set<string>()
  const breathe = breather()
  for (const pid of namesIn('/proc')) {
    await breathe()
    if (!isOwn(pid)) continue
    // its first thread may have ended, and others not
    for (const name of [pid, ...namesIn(`/proc/${pid}/task`).map((id) => `${pid}/task/${id}`)]) {
      const space = spaceOf(name)
      if (seen.has(space)) continue
      seen.add(space)
      if (isIn(mountsOf(name))) return true
    }
  }
  return false
}

/** By its effective user, which a process in a cage cannot change. */
function isOwn(pid: string): boolean {
  return lstatSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === process.getuid!()
}

/** The mount namespace of a process or thread; its own name if that is not told. */
function spaceOf(name: string): string {
  try {
    return readlinkSync(`/proc/${name}/ns/mnt`)
  } catch {
    return name
  }
}

/** Of a process, or of a thread ('12/task/13'); '' if it has ended. */
function mountsOf(name: string): string {
  try {
    return readFileSync(`/proc/${name}/mountinfo`, 'utf8').trim()
  } catch {
    return ''
  }
}

// fields of a line of mountinfo (proc(5))
const ROOT = 3 // what is mounted: a path in its file system
const POINT = 4

const DELETED = /\/\/deleted$/ // the system's mark of a folder that is gone

function fieldIn(mounts: string, field: number): readonly string[] {
  if (mounts === '') return []
  return mounts
    .split('\n')
    .map((line) =>
      line.split(' ')[field]!.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))),
    )
}

/** Its longest part that the system shows as it is. */
function plainPart(path: string): string {
  return (path.match(/[\w./-]+/g) ?? []).reduce((longest, one) => (one.length > longest.length ? one : longest), '')
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name))
  } catch {
    return [] // ended
  }
}
