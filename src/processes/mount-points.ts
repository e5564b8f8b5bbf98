import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { breather } from './breathe.ts'

/** Where file systems are mounted for this process. [] if the system does not tell. */
export function mountPoints(): readonly string[] {
  return pointsIn(mountsOf('self'))
}

/**
 * Whether a process of this user has this very folder mounted, as each process of a cage has its worktree. Such a process may still change
 * what is in it, whichever run started it. Processes of other users do not count: none of them is in a cage of ours, and their mounts
 * could be any. False where there are no such mounts. Takes 10 ms for 100 processes.
 */
export async function isMounted(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const paths = [...new Set([folder, realPathOf(folder)])]
  const isIn = (mounts: string) =>
    paths.some((path) => mounts.includes(plainPart(path)) && pointsIn(mounts).includes(path))
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

function pointsIn(mounts: string): readonly string[] {
  if (mounts === '') return []
  return mounts
    .split('\n')
    .map((line) =>
      line.split(' ')[4]!.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))),
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

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path // gone
  }
}
