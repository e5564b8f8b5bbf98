import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { homeFolder } from '../files/home-folder.ts'
import { readRegularText } from '../files/read-regular.ts'
import { workOn } from '../processes/worked-on.ts'
import { trimEndOf } from '../text/trim-end.ts'
import { commonDirOf } from './git-dir-of.ts'

/**
 * Makes known that this process works in a folder: its repository, the other working trees of that, and the repositories around it. A
 * repository around it does not count if it holds the home folder (dotfiles): all programs of the user may lie there. Asks no git.
 */
export function workIn(folder: string): void {
  let isNearest = true
  for (let at = realOf(folder); at !== null; at = above(at)) {
    if (!existsSync(join(at, '.git'))) continue
    if (isNearest || !holdsHome(at)) for (const tree of [at, ...otherTrees(at)]) workOn(tree)
    isNearest = false
  }
}

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

/** The main working tree and the linked ones. A `.git` of others may name any folder there: only what leads back counts. */
function otherTrees(root: string): readonly string[] {
  try {
    const common = commonDirOf(root)
    const linked = join(common, 'worktrees')
    const found = (existsSync(linked) ? readdirSync(linked) : []).map((name) => {
      const dotGit = readRegularText(join(linked, name, 'gitdir'))
      return dotGit === null ? linked : dirname(resolve(linked, name, trimEndOf(dotGit, '\r\n')))
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
