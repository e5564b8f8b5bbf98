import { type Dirent, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { devNull, homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { isLink } from '../files/is-link.ts'
import { breather } from '../processes/breathe.ts'
import type { RepoPath } from '../types.ts'
import { git, onePath, splitNul } from './git.ts'

/** A path of this repository that is as sensitive as a path that leads to it. */
export interface SensitivePath {
  readonly path: RepoPath
  /** Shown in brackets: 'it is protected (...)'. */
  readonly why: string
}

/**
 * Sensitive paths whose names do not show it: files of the repository that git is set to run or read, and the targets of sensitive
 * links, or of links among the hooks.
 *
 * root: a working tree. sensitiveBelow: what is sensitive at the target of a link at a path ('' for all of it), relative to the target.
 * user: the user's own working tree, if it is another one: its settings, hooks and untracked links count, and settings may name it by its
 * absolute path. own: the user's folders that may lie in the repository, for instance if the home folder is one. Four git
 * processes in parallel; one of them walks the user's tree, without folders in which nothing is tracked.
 */
export async function protectedHere(
  root: string,
  sensitiveBelow: (path: RepoPath) => readonly string[],
  { user = root, own = [] }: { readonly user?: string; readonly own?: readonly string[] } = {},
): Promise<readonly SensitivePath[]> {
  const [settings, files, gitFolder, others] = await Promise.all([
    git(user, ['config', '--list', '--show-origin', '-z']),
    git(root, ['ls-files', '-s', '-z']),
    git(user, ['rev-parse', '--path-format=absolute', '--git-common-dir']),
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
  const add = (paths: readonly RepoPath[], why: string) => {
    for (const path of paths) if (!found.has(path)) found.set(path, why)
  }
  const breathe = breather()
  const fields = splitNul(settings)
  const hooks = resolve(user, hooksPathIn(fields) ?? join(onePath(gitFolder), 'hooks'))
  const linked = readEntries(hooks).filter((entry) => entry.isSymbolicLink())
  for (const path of [hooks, ...linked.map(({ name }) => join(hooks, name))]) add(inside(path), RUNS_HOOKS)
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [key = '', ...lines] = fields[at + 1]!.split('\n')
    const [origin, value] = [fields[at]!, lines.join('\n')]
    const file = origin.startsWith('file:') ? resolve(user, origin.slice(5)) : null
    if (file !== null) add(inside(file), READS_SETTINGS)
    if (file !== null && INCLUDES.test(key)) add(inside(resolve(dirname(file), ofHome(value))), READS_SETTINGS)
    if (NAMES_NO_FILE.test(key)) continue
    await breathe()
    for (const path of wordsOf(value, user).flatMap((word) => inside(ofHome(word))))
      if (isFile(join(user, path))) add([path], `git is set to use it (${key})`)
  }
  const addLink = async (top: string, path: RepoPath) => {
    for (const below of sensitiveBelow(path)) add(inside(join(top, path, below)), `${path} is a link to it`)
    await breathe()
  }
  for (const entry of splitNul(files))
    if (entry.startsWith('120000 ')) await addLink(root, entry.slice(entry.indexOf('\t') + 1))
  for (const one of splitNul(others)) for (const path of linksAt(user, one, sensitiveBelow)) await addLink(user, path)
  for (const folder of own) add(inside(folder), 'repose keeps there what you have set and trusted')
  return [...found].map(([path, why]) => ({ path, why }))
}

const RUNS_HOOKS = 'git runs the hooks in it with your rights'
const READS_SETTINGS = 'git reads its settings from it'

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

const MOST_WORDS = 50 // of a setting

/** Words of a setting that may name files: each as it is, without a slash that a variable has left before it, and below the folders among them. */
function wordsOf(value: string, root: string): readonly string[] {
  const words = value
    .split(/[\s"'`=;:,&|()<>{}!$]+/)
    .filter((one) => one.length > 1)
    .slice(0, MOST_WORDS)
  const bare = words.map((word) => word.replace(/^[\\/]+/, ''))
  const folders = bare.filter((word) => lstatSync(join(root, word), { throwIfNoEntry: false })?.isDirectory())
  return [...new Set([...words, ...bare, ...folders.flatMap((folder) => bare.map((word) => join(folder, word)))])]
}

// also where a condition does not hold now (includeif.onbranch)
const INCLUDES = /^include(if\..*)?\.path$/

// settings whose value is a name, an address or a ref; any other may be a command, or name files
const NAMES_NO_FILE =
  /^(branch|user|author|committer|init)\.|^(remote|submodule)\..*\.(url|pushurl|fetch|push|path|branch|active)$/

/** Sensitive links at an untracked path; or, if it is a folder with a sensitive name ('.claude/'), among its first 1,000 entries. */
function linksAt(
  root: string,
  path: string,
  sensitiveBelow: (path: RepoPath) => readonly string[],
): readonly RepoPath[] {
  if (!path.endsWith('/')) return sensitiveBelow(path).length > 0 && isLink(join(root, path)) ? [path] : []
  const isSensitive = sensitiveBelow(`${path}x`).length > 0 || sensitiveBelow(path).length > 0
  const entries: Dirent[] = []
  for (const folders = isSensitive ? [join(root, path)] : []; folders.length > 0 && entries.length < 1000; ) {
    const below = readEntries(folders.shift()!)
    entries.push(...below)
    folders.push(...below.flatMap((entry) => (entry.isDirectory() ? [join(entry.parentPath, entry.name)] : [])))
  }
  const links = entries.filter((entry) => entry.isSymbolicLink()).map((link) => join(link.parentPath, link.name))
  return links.map((link) => relative(root, link).split(sep).join('/'))
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
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
