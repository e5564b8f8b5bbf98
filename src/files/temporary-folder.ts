import { execFileSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { ownEnvironment } from '../processes/own-environment.ts'
import { programPath } from '../processes/program-path.ts'
import { homeFolder } from './home-folder.ts'
import { ownersOfSystem } from './owners-of-system.ts'

/**
 * The folder in which mkdtemp makes most temporary folders: absolute, symbolic links resolved. It is the system's, or one in the
 * user's cache if other users may rename what is in the system's. Throws UserError if it is missing or not writable.
 */
export function temporaryFolder(): string {
  const folder = tmpdir()
  let real: string
  try {
    real = realpathSync.native(folder)
    if (!statSync(real).isDirectory()) throw new Error('no folder')
    accessSync(real, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new UserError(
      `the folder for temporary files, ${folder}, does not exist or cannot be written`,
      'set TMPDIR to a folder that you can write to',
      { cause },
    )
  }
  if (!mayOthersChange(real)) return real
  const own = folderInCache()
  if (own !== null && !mayOthersChange(own)) return own
  throw new UserError(
    `other users may rename what is in the folder for temporary files, ${real}`,
    'set TMPDIR to a folder of your own',
  )
}

/**
 * The folder in which mkdtemp makes worktrees and temporary folders of checks without a cage: the folder for temporary files, or one in the
 * user's cache if other users may add something to the former or to a folder above it. Tools look for files in the folders above
 * (node_modules, .cargo, pytest.ini), and checks run what they find. If the cache is no safer, or cannot be written, it is the folder for
 * temporary files.
 */
export function folderForUncaged(): string {
  const folder = temporaryFolder()
  if (!mayOthersChange(folder, 'add')) return folder
  if (mayOthersChange(firstThere(inCache()), 'add')) return folder // before a useless folder is made
  const own = folderInCache()
  return own !== null && !mayOthersChange(own, 'add') ? own : folder
}

/** Whether other users may add files to a folder or above it, but not to folderForUncaged() or above that. */
export function isExposed(folder: string): boolean {
  return mayOthersChange(folder, 'add') && !mayOthersChange(folderForUncaged(), 'add')
}

/** The folders in which worktrees may be. Creates none. */
export function placesOfWorktrees(): ReadonlySet<string> {
  return new Set([temporaryFolder(), ...(existsSync(inCache()) ? [realpathSync.native(inCache())] : [])])
}

/** Removes what killed checks left in the user's cache over a week ago, and the folder if it is empty: a dry run leaves nothing there. */
export function tidyCache(): void {
  ifPossible(() => {
    for (const name of readdirSync(inCache()).filter((one) => one.startsWith(CHECK_PREFIX)))
      ifPossible(() => {
        const path = join(inCache(), name)
        if (Date.now() - statSync(path).mtimeMs > WEEK_MS) rmSync(path, { recursive: true, force: true })
      })
  })
  ifPossible(() => {
    rmdirSync(inCache())
    rmdirSync(dirname(inCache()))
  })
}

function ifPossible(remove: () => void): void {
  try {
    remove()
  } catch {
    // it is in use, is not there, or may not be read or removed
  }
}

/** Start of the name of a check's temporary folder. */
export const CHECK_PREFIX = 'repose-check-'

const WEEK_MS = 7 * 86_400_000

const inCache = () => join(homeFolder(), '.cache/repose/tmp')

function firstThere(path: string): string {
  let at = path
  while (!existsSync(at) && at !== dirname(at)) at = dirname(at)
  return realpathSync.native(at)
}

function folderInCache(): string | null {
  try {
    mkdirSync(inCache(), { recursive: true, mode: 0o700 })
    const real = realpathSync.native(inCache())
    accessSync(real, constants.W_OK | constants.X_OK)
    return real
  } catch {
    return null
  }
}

/**
 * Whether other users may rename what is in a folder, or in one above it: its owner may, and if it is not sticky, whoever may write to it.
 * With 'add': whether they may add something to one of them, sticky or not. A group with the user's own number, or root's, counts as nobody
 * else's if it has no other members. Windows has a temporary folder per user.
 */
function mayOthersChange(folder: string, how: 'rename' | 'add' = 'rename'): boolean {
  const self = process.getuid?.()
  if (self === undefined) return false
  const owners = [self, ...ownersOfSystem()]
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at)
    if (!owners.includes(uid)) return true
    const isSticky = how === 'rename' && (mode & 0o1000) !== 0
    if (!isSticky && (mode & 0o002) !== 0) return true
    // asks other programs, so last
    if (!isSticky && (mode & 0o020) !== 0 && !([self, 0].includes(gid) && isForOneAlone(at, gid))) return true
    if (at === dirname(at)) return false
  }
}

/**
 * Whether a folder's group lets nobody else write: no other user but root is in it, and no access control list (its rights show as the
 * group's) names anybody. If a plain user is in root's group, others are, too: containers run unknown users in it.
 */
function isForOneAlone(folder: string, gid: number): boolean {
  try {
    const { username, uid: self } = userInfo()
    if (gid === 0 && self !== 0 && process.getgroups!().includes(0)) return false
    const listed =
      said('getent', ['group', String(gid)])
        .trim()
        .split(':')[3] ?? ''
    const others = listed.split(',').filter((name) => name !== '' && name !== username)
    const users = said('getent', ['passwd']).split('\n')
    const isOfOther = (user: string) => {
      const [, , uid, primary] = user.split(':').map(Number)
      return primary === gid && uid !== 0 && uid !== self
    }
    return others.length === 0 && !users.some(isOfOther) && !/^\S{10}\+/.test(said('ls', ['-ldn', folder]))
  } catch {
    return false // these programs are missing
  }
}

function said(program: string, args: readonly string[]): string {
  return execFileSync(programPath(program)!, args, {
    encoding: 'utf8',
    env: ownEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}
