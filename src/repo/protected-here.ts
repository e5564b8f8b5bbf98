import { type Dirent, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { devNull, homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path'
import { isLink } from '../files/is-link.ts'
import { statsAt } from '../files/stats-at.ts'
import { foldersAbove } from '../paths.ts'
import { breather } from '../processes/breathe.ts'
import type { RepoPath } from '../types.ts'
import { git, splitNul } from './git.ts'
import { commonDirOf } from './git-dir-of.ts'
import { globName } from './glob-name.ts'

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
 * absolute path. own: the user's folders that may lie in the repository, for instance if the home folder is one. staged: what STAGED says of
 * root, if it is known. Two or three git processes in parallel; one of them walks the user's tree, without folders in which nothing is tracked.
 */
export async function protectedHere(
  root: string,
  sensitiveBelow: (path: RepoPath) => readonly string[],
  {
    user = root,
    own = [],
    staged: known = null,
  }: { readonly user?: string; readonly own?: readonly string[]; readonly staged?: string | null } = {},
): Promise<readonly SensitivePath[]> {
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
  const add = (paths: readonly RepoPath[], why: string) => {
    for (const path of paths) if (!found.has(path)) found.set(path, why)
  }
  const breathe = breather()
  const entries = splitNul(staged).map((entry) => ({
    mode: entry.slice(0, 6),
    path: entry.slice(entry.indexOf('\t') + 1),
  }))
  const files = new Map<string, RepoPath[]>()
  for (const path of [
    ...entries.filter(({ mode }) => mode !== SUBMODULE).map((entry) => entry.path),
    ...splitNul(others).filter((one) => !one.endsWith('/')),
  ]) {
    const name = namesIn(withoutEnding(path)).at(-1) ?? ''
    const alike = files.get(name)
    if (alike) alike.push(path)
    else files.set(name, [path])
    await breathe()
  }
  const fields = splitNul(settings)
  const hooks = resolve(user, hooksPathIn(fields) ?? join(commonDirOf(user), 'hooks'))
  const linked = readEntries(hooks).filter((entry) => entry.isSymbolicLink())
  for (const path of [hooks, ...linked.map(({ name }) => join(hooks, name))]) add(inside(path), RUNS_HOOKS)
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [key = '', ...lines] = fields[at + 1]!.split('\n')
    const [origin, value] = [fields[at]!, lines.join('\n')]
    const file = origin.startsWith('file:') ? resolve(user, origin.slice(5)) : null
    if (file !== null) add(inside(file), READS_SETTINGS)
    if (file !== null && INCLUDES.test(key)) add(inside(resolve(dirname(file), ofHome(value))), READS_SETTINGS)
    if (key === 'init.templatedir') add(inside(resolve(user, ofHome(value))), RUNS_TEMPLATES)
    if (NAMES_NO_FILE.test(key)) continue
    const why = `git is set to use it (${key})`
    const read = value.slice(0, LONGEST)
    const texts = [read, read.replace(/\\\n?|["']/g, '')] // also as a shell joins it: to''ols/x, to\ols/x
    const words = new Set(texts.flatMap((text) => text.split(BETWEEN_WORDS)).filter(Boolean))
    for (const word of words) {
      await breathe()
      for (const path of [ofHome(word), word.replace(/^[\\/]+/, '')].flatMap(inside))
        if (isFile(join(user, path))) add([path], why)
      if (NAMES_A_FILE.test(word))
        add(
          inside(ofHome(word)).filter((path) => statsAt(join(user, path)) === null),
          why,
        )
      if (PYTHON.test(read))
        add(
          modulesOf(word).filter((path) => !isFile(join(user, path))),
          why,
        )
    }
    for (const path of await speltIn(words, files, breathe))
      add([path, ...inside(join(root, path)).filter((one) => isFile(join(root, one)))], why)
  }
  const addLink = async (top: string, path: RepoPath) => {
    for (const below of sensitiveBelow(path)) add(inside(join(top, path, below)), `${path} is a link to it`)
    await breathe()
  }
  const isIn = (path: RepoPath) => foldersAbove(path).some((folder) => found.has(folder))
  for (const { mode, path } of entries) {
    if (mode !== LINK) continue
    await addLink(root, path)
    if (isIn(path)) add(inside(join(root, path)), `${path} is a link to it`)
  }
  for (const one of splitNul(others)) for (const path of linksAt(user, one, sensitiveBelow)) await addLink(user, path)
  for (const folder of own) add(inside(folder), 'repose keeps there what you have set and trusted')
  return [...found].map(([path, why]) => ({ path, why }))
}

/** Lists a working tree's entries, with their modes. */
export const STAGED = ['ls-files', '-s', '-z']

const LINK = '120000' // modes of git
const SUBMODULE = '160000'

const RUNS_HOOKS = 'git runs the hooks in it with your rights'
const RUNS_TEMPLATES = 'git copies hooks from it into new repositories'
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

const LONGEST = 100_000 // characters of a setting
/** Also a file that is not there yet: an agent could make it. */
const NAMES_A_FILE = /^[\w.~-]*(?:\/[\w.-]+)+$|^[\w-]+\.\w+$/
const PYTHON = /python/i

/** What 'python3 -m tools.strip' takes from the current folder before it looks for what is installed. */
function modulesOf(word: string): readonly RepoPath[] {
  if (!/^\w+(\.\w+)*$/.test(word)) return []
  const path = word.replaceAll('.', '/')
  return ['.py', '/__init__.py', '/__main__.py'].map((end) => path + end)
}
const BETWEEN_WORDS = /(?:\$\w*|[\s"'`=;:,&|()<>{}!])+/

/**
 * Files that the words of a setting may name, in whatever way a shell or a program puts them together ('tools/my-$e', 'tools.x'): those all of
 * whose names are among the words, but for the ending; and those to which a pattern leads ('./tools/?'). files: by their last names.
 */
async function speltIn(
  words: ReadonlySet<string>,
  files: ReadonlyMap<string, readonly RepoPath[]>,
  breathe: () => Promise<void> | undefined,
): Promise<readonly RepoPath[]> {
  const names = new Set([...words].flatMap(namesIn))
  const found: RepoPath[] = []
  for (const name of names)
    for (const path of files.get(name) ?? []) {
      await breathe()
      if (namesIn(withoutEnding(path)).every((one) => names.has(one))) found.push(path)
    }
  for (const word of words) {
    if (!/[*?[]/.test(word) || !word.includes('/')) continue
    const pattern = word.split('/').filter((part) => !/^\.{0,2}$/.test(part))
    for (const path of [...files.values()].flat()) {
      await breathe()
      if (endsLike(path.split('/'), pattern, names)) found.push(path)
    }
  }
  return found
}

/** Its runs of letters and digits, in lower case. */
function namesIn(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^a-z\d\u0080-\uffff]+/)
    .filter(Boolean)
}

function withoutEnding(path: string): string {
  return path.slice(0, path.length - posix.extname(path).length)
}

/** Whether a pattern leads to a path: from the repository, from a folder above it, or from one that is named as well. */
function endsLike(parts: readonly string[], pattern: readonly string[], names: ReadonlySet<string>): boolean {
  const end = pattern.slice(-parts.length)
  const from = parts.length - end.length
  const isTelling = end.length === pattern.length || end.some((part) => !/[*?[]/.test(part)) // 'origin/*' names no README
  return (
    isTelling &&
    end.every((part, i) => globName(part, true)?.(parts[from + i]!)) &&
    parts.slice(0, from).every((part) => namesIn(part).every((name) => names.has(name)))
  )
}

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
  return statsAt(path)?.isFile() ?? false
}
