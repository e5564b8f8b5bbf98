import { type Dirent, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { devNull, homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { isLink } from '../files/is-link.ts'
import { statsAt } from '../files/stats-at.ts'
import { breather } from '../processes/breathe.ts'
import type { RepoPath } from '../types.ts'
import { git, splitNul } from './git.ts'
import { commonDirOf } from './git-dir-of.ts'
import { namedBySettings, type Setting } from './named-by-settings.ts'

/** A path of this repository that is as sensitive as a path that leads to it. */
export interface SensitivePath {
  readonly path: RepoPath
  /** Shown in brackets: 'it is protected (...)'. */
  readonly why: string
}

/** What is sensitive in one repository although its name does not show it. */
export interface SensitiveHere {
  readonly paths: readonly SensitivePath[]
  /** Why a path that no entry of `paths` contains is sensitive, whether it exists or not: a setting may name it. null: it is not. */
  readonly whyNamed: (path: RepoPath) => string | null
}

/**
 * Sensitive paths whose names do not show it: files of the repository that git is set to run or read, and the targets of sensitive
 * links, or of links among the hooks.
 *
 * root: a working tree. sensitiveBelow: what is sensitive at the target of a link at a path ('' for all of it), relative to the target.
 * user: the user's own working tree, if it is another one: its settings, hooks and untracked links count, and settings may name it by its
 * absolute path. own: the user's folders that may lie in the repository, for instance if the home folder is one. staged: what git lists for
 * STAGED in root, if it is known. Two or three git processes in parallel; one of them walks the user's tree, except folders without tracked
 * files.
 */
export async function protectedHere(
  root: string,
  sensitiveBelow: (path: RepoPath) => readonly string[],
  {
    user = root,
    own = [],
    staged: known = null,
  }: { readonly user?: string; readonly own?: readonly string[]; readonly staged?: string | null } = {},
): Promise<SensitiveHere> {
  const [settings, staged, others] = await Promise.all([
    git(user, ['config', '--list', '--show-origin', '-z']),
    known ?? git(root, STAGED),
    git(user, ['ls-files', '--others', '--directory', '-z']),
  ])
  const roots = [...new Set([root, user].map((top) => realOf(top)))]
  const inside = (path: string): RepoPath[] =>
    roots.flatMap((top) => {
      const within = relative(top, realOf(isAbsolute(path) ? path : join(top, path)))
      const isOutside = within === '' || isAbsolute(within) || /^(\.\.|\.git)($|[/\\])/.test(within)
      return isOutside ? [] : [within.split(sep).join('/')]
    })
  const found = new Map<RepoPath, string>()
  const lengths = new Set<number>() // of the paths in `found`: only these are tried, since a path may lie below 1,900 folders
  const add = (paths: readonly RepoPath[], why: string) => {
    for (const path of paths) {
      if (!found.has(path)) found.set(path, why)
      lengths.add(path.length)
    }
  }
  const breathe = breather()
  const entries = splitNul(staged).map((entry) => ({
    mode: entry.slice(0, 6),
    path: entry.slice(entry.indexOf('\t') + 1),
  }))
  const fields = splitNul(settings)
  const hooks = resolve(user, hooksPathIn(fields) ?? join(commonDirOf(user), 'hooks'))
  for (const path of [hooks, ...linksBelow(hooks)]) add(inside(path), RUNS_HOOKS)
  const named: Setting[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [key = '', ...lines] = fields[at + 1]!.split('\n')
    const [origin, value] = [fields[at]!, lines.join('\n')]
    const file = origin.startsWith('file:') ? resolve(user, origin.slice(5)) : null
    if (file !== null) add(inside(file), READS_SETTINGS)
    if (file !== null && INCLUDES.test(key)) add(inside(resolve(dirname(file), ofHome(value))), READS_SETTINGS)
    if (key === 'init.templatedir') add(inside(resolve(user, ofHome(value))), RUNS_TEMPLATES)
    if (NAMES_NO_FILE.test(key)) continue
    const read = value.slice(0, LONGEST)
    const texts = [read, read.replace(/\\\n?|["']/g, '')] // also as a shell joins it: to''ols/x, to\ols/x
    const words = new Set(texts.flatMap((text) => text.split(BETWEEN_WORDS)).filter(Boolean))
    named.push({ key, words })
    for (const word of words) {
      await breathe()
      // a word may name a file through a link, or by an absolute path
      for (const path of [ofHome(word), word.replace(/^[\\/]+/, '')].flatMap(inside))
        if (isFile(join(user, path))) add([path], sayNamed(key))
      if (NAMES_A_FILE.test(word))
        add(
          inside(ofHome(word)).filter((path) => statsAt(join(user, path)) === null),
          sayNamed(key),
        )
    }
  }
  const namedBy = namedBySettings(named)
  const addLink = async (top: string, path: RepoPath) => {
    for (const below of sensitiveBelow(path)) add(inside(join(top, path, below)), `${path} is a link to it`)
    await breathe()
  }
  const isIn = (path: RepoPath) => [...lengths].some((end) => path[end] === '/' && found.has(path.slice(0, end)))
  const addFile = (top: string, link: RepoPath) =>
    add(
      inside(join(top, link)).filter((path) => isFile(join(top, path))),
      `${link} is a link to it`,
    )
  for (const { mode, path } of entries) {
    if (mode !== LINK) continue
    await addLink(root, path)
    if (isIn(path)) add(inside(join(root, path)), `${path} is a link to it`)
    if (namedBy(path) !== null) addFile(root, path)
  }
  for (const one of splitNul(others)) {
    for (const path of linksAt(user, one, sensitiveBelow)) await addLink(user, path)
    if (!one.endsWith('/') && namedBy(one) !== null && isLink(join(user, one))) addFile(user, one)
    await breathe()
  }
  for (const folder of own) add(inside(folder), 'repose keeps there what you have set and trusted')
  return {
    paths: [...found].map(([path, why]) => ({ path, why })),
    whyNamed: (path) => {
      const key = namedBy(path)
      return key === null ? null : sayNamed(key)
    },
  }
}

/** Arguments of git that list the entries of an index, with their modes. */
export const STAGED = ['ls-files', '-s', '-z']

const LINK = '120000' // a mode of git

const RUNS_HOOKS = 'git runs the hooks in it with your rights'
const RUNS_TEMPLATES = 'git copies hooks from it into new repositories'
const READS_SETTINGS = 'git reads its settings from it'

function sayNamed(key: string): string {
  return `git is set to use it (${key})`
}

/**
 * The user's hooks folder, from alternating fields of origin and setting; null: git's own folder. Our git processes use no hooks (git.ts).
 */
function hooksPathIn(fields: readonly string[]): string | null {
  const paths = fields.flatMap((field) =>
    /^core\.hookspath\n/.test(field) ? [field.slice(field.indexOf('\n') + 1)] : [],
  )
  const last = paths.filter((path) => path !== devNull).at(-1)
  return last === undefined ? null : ofHome(last)
}

function ofHome(path: string): string {
  return path.replace(/^~(?=\/)/, homedir())
}

const LONGEST = 100_000 // characters of a setting
/** A word that names a file. It need not exist: an agent could create it. */
const NAMES_A_FILE = /^[\w.~-]*(?:\/[\w.-]+)+$|^[\w-]+\.\w+$/
const BETWEEN_WORDS = /(?:\$\w*|[\s"'`=;:,&|()<>{}!])+/

// also where a condition does not hold now (includeif.onbranch)
const INCLUDES = /^include(if\..*)?\.path$/

// settings whose value is a name, an address, a ref or a credential; any other may be a command, or name files
const NAMES_NO_FILE =
  /^(branch|user|author|committer)\.|^init\.defaultbranch$|^http\.(.*\.)?(extraheader|proxy)$|^sendemail\.(.*\.)?smtppass$|^(remote|submodule)\..*\.(url|pushurl|fetch|push|path|branch|active)$/

/** Sensitive links at an untracked path; or, if it is a folder with a sensitive name ('.claude/'), among its first 1,000 entries. */
function linksAt(
  root: string,
  path: string,
  sensitiveBelow: (path: RepoPath) => readonly string[],
): readonly RepoPath[] {
  if (!path.endsWith('/')) return sensitiveBelow(path).length > 0 && isLink(join(root, path)) ? [path] : []
  const isSensitive = sensitiveBelow(`${path}x`).length > 0 || sensitiveBelow(path).length > 0
  const links = isSensitive ? linksBelow(join(root, path)) : []
  return links.map((link) => relative(root, link).split(sep).join('/'))
}

const MOST_ENTRIES = 1000

/** Links among the first entries in and below a folder. */
function linksBelow(folder: string): readonly string[] {
  const entries: Dirent[] = []
  for (const folders = [folder]; folders.length > 0 && entries.length < MOST_ENTRIES; ) {
    const below = readEntries(folders.shift()!).slice(0, MOST_ENTRIES)
    entries.push(...below)
    folders.push(...below.flatMap((entry) => (entry.isDirectory() ? [join(entry.parentPath, entry.name)] : [])))
  }
  return entries.filter((entry) => entry.isSymbolicLink()).map((link) => join(link.parentPath, link.name))
}

/** None of a folder that is missing or closed to us. */
function readEntries(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** Resolves links, also those that lead to nothing yet, of which at most 40 follow each other. */
function realOf(path: string, links = 40): string {
  try {
    return realpathSync.native(path)
  } catch {
    if (links > 0 && isLink(path)) return realOf(resolve(dirname(path), readlinkSync(path)), links - 1)
    const above = dirname(path)
    return above === path ? path : join(realOf(above, links), basename(path))
  }
}

function isFile(path: string): boolean {
  return statsAt(path)?.isFile() ?? false
}
