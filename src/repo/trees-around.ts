import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { homeFolder } from '../files/home-folder.ts'
import { readRegularText } from '../files/read-regular.ts'
import { statsAt } from '../files/stats-at.ts'
import { workOn } from '../processes/worked-on.ts'
import { trimEndOf } from '../text/trim-end.ts'
import { commonDirOf } from './git-dir-of.ts'

/**
 * Tells workOn() about the repositories that a folder is in, each with its other working trees. A repository does not count if it begins above
 * the folder and holds the home folder (dotfiles), since all programs of the user may lie there. Nor does it if it begins above the folder and
 * another user may have put its `.git` there, into a folder like `/tmp`. Starts no git.
 */
export function workIn(folder: string): void {
  const now = performance.now()
  if (now - (lookedAt.get(folder) ?? -Infinity) < AGAIN_MS) return
  lookedAt.set(folder, now)
  const start = realOf(folder)
  if (start === null) return
  for (let at: string | null = start; at !== null; at = above(at)) {
    const dotGit = join(at, '.git')
    if (!existsSync(dotGit)) continue
    if (at === start || (!mayBePlanted(dotGit) && !holdsHome(at)))
      for (const tree of [at, ...otherTrees(at)]) workOn(tree)
  }
}

const AGAIN_MS = 1000 // each git call asks; a working tree may be added while a server runs
const lookedAt = new Map<string, number>() // milliseconds since the start, by folder

function mayBePlanted(dotGit: string): boolean {
  const [own, folder] = [statsAt(dotGit), statsAt(dirname(dotGit))]
  if (process.getuid === undefined || !own || !folder) return false
  return ![process.getuid(), 0, folder.uid].includes(own.uid) && (folder.mode & FOR_ALL) === FOR_ALL
}

const FOR_ALL = 0o1002 // sticky, and everybody may write to it

function above(folder: string): string | null {
  const next = dirname(folder)
  return next === folder ? null : next
}

function holdsHome(folder: string): boolean {
  const home = realOf(homeFolder())
  if (home === null) return false
  const way = relative(folder, home)
  return way.split(sep)[0] !== '..' && !isAbsolute(way)
}

const MOST_TREES = 1000
const LONGEST = 10_000 // bytes of a path

/** The main working tree and the linked ones. A `.git` of another user may list any folder, so only trees that point back to it count. */
function otherTrees(root: string): readonly string[] {
  try {
    const common = commonDirOf(root)
    const linked = join(common, 'worktrees')
    const names = existsSync(linked) ? readdirSync(linked) : []
    const found = names.slice(0, MOST_TREES).flatMap((name) => {
      const dotGit = readRegularText(join(linked, name, 'gitdir'), { maxBytes: LONGEST })
      return dotGit === null ? [] : [dirname(resolve(linked, name, trimEndOf(dotGit, '\r\n')))]
    })
    return [dirname(common), ...found].filter((tree) => isOf(tree, common))
  } catch {
    return [] // git says what is wrong with it
  }
}

function isOf(tree: string, common: string): boolean {
  try {
    return realOf(commonDirOf(tree)) === realOf(common)
  } catch {
    return false // it is gone
  }
}

function realOf(path: string): string | null {
  try {
    return realpathSync.native(path)
  } catch {
    return null // it is not there
  }
}
