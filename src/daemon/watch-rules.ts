import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, posix } from 'node:path'
import { NO_PATHS, type PathSettings } from '../config/path-settings.ts'
import { readRegularText } from '../files/read-regular.ts'
import { git, onePath, splitNul } from '../repo/git.ts'
import { IgnoreFile } from '../repo/ignore-file.ts'
import { readPathRules } from '../repo/path-rules.ts'
import { readRuleFile } from '../repo/read-rule-file.ts'
import type { RepoPath } from '../types.ts'

export interface WatchRules {
  /** Number of watched files that git lists. */
  readonly files: number
  /** Every folder with a watched file; '' is the top folder; parents before children. */
  readonly folders: readonly RepoPath[]
  /** Whether a path may be watched. Called before a watch is opened, with folders from the top down. */
  isWatched(path: RepoPath, isFolder: boolean): boolean
}

/**
 * The paths of a working tree that are worth a watch: those that git does not ignore, without those that the facts leave out by path.
 * Never `.git` nor a nested repository. Four git processes in parallel; O(files).
 */
export async function readWatchRules(root: string, settings: PathSettings = NO_PATHS): Promise<WatchRules> {
  const [staged, others, excludesFile, exclude] = await Promise.all([
    git(root, ['ls-files', '-z', '--stage']),
    git(root, ['ls-files', '-z', '--others', '--exclude-standard']),
    git(root, ['config', '--type=path', '--get', 'core.excludesFile']).catch(() => ''), // exit code 1: not set
    git(root, ['rev-parse', '--path-format=absolute', '--git-path', 'info/exclude']), // linked worktrees share it
  ])
  const tracked = new Map(
    splitNul(staged).map((entry) => [entry.slice(entry.indexOf('\t') + 1), entry.split(' ', 2)[1]!]),
  )
  const untracked = new Set(splitNul(others))
  const paths = [...tracked.keys(), ...untracked]
  const gitRules = readGitignores(root, paths, onePath(excludesFile), onePath(exclude))
  const verdictOf = await readPathRules({
    paths,
    tracked,
    untracked,
    read: (path) => readRuleFile(root, path),
    settings,
  })
  const isIgnored = (path: RepoPath, isFolder: boolean) => gitRules(isFolder ? `${path}/` : path)
  const isLeftOut = (path: RepoPath, isFolder: boolean, isTracked = tracked.has(path)) => {
    const verdict = verdictOf(isFolder ? `${path}/` : path, isTracked)
    return verdict !== null && verdict !== 'wanted' && !verdict.isListed
  }

  const isBelowIgnored = ignoredAbove(isIgnored)
  const folders = new Set<RepoPath>([''])
  const forced = new Set<RepoPath>() // tracked although a rule ignores it, and its parent folders
  let files = 0
  for (const path of paths) {
    if (path.endsWith('/') || isLeftOut(path, false)) continue
    files++
    const isForced = isIgnored(path, false) || isBelowIgnored(path)
    if (isForced) forced.add(path)
    for (let at = posix.dirname(path); at !== '.'; at = posix.dirname(at)) {
      if (folders.has(at) && !isForced) break
      folders.add(at)
      if (isForced) forced.add(at)
    }
  }
  return {
    files,
    folders: [...folders].sort((a, b) => (a < b ? -1 : 1)),
    isWatched(path, isFolder) {
      if (path === '') return true
      if (path === '.git' || path.endsWith('/.git') || path.startsWith('.git/')) return false
      const isKnown = folders.has(isFolder ? path : posix.dirname(path)) // a new file in a folder whose files are read may belong to them
      if (isFolder ? !isKnown && isLeftOut(path, true) : isLeftOut(path, false, isKnown)) return false
      if (isFolder && existsSync(join(root, path, '.git'))) return false
      return !isIgnored(path, isFolder) || forced.has(path)
    },
  }
}

/** Files with ignore rules: when one changes, all are read again. */
export function isRuleFile(path: RepoPath): boolean {
  return /(^|\/)(\.(git|repose)?ignore|\.gitattributes)$/.test(path)
}

/** Whether a folder above a path is ignored; each folder is checked once. */
function ignoredAbove(isIgnored: (path: RepoPath, isFolder: boolean) => boolean): (path: RepoPath) => boolean {
  const verdicts = new Map<RepoPath, boolean>([['.', false]])
  const isAbove = (path: RepoPath): boolean => {
    const folder = posix.dirname(path)
    const known = verdicts.get(folder)
    if (known !== undefined) return known
    const verdict = isIgnored(folder, true) || isAbove(folder)
    verdicts.set(folder, verdict)
    return verdict
  }
  return isAbove
}

const IGNORES_CASE = process.platform !== 'linux' // git's default there

/** Git's rules for one path, without its folders: the nearest file with a matching rule wins. */
function readGitignores(
  root: string,
  paths: readonly RepoPath[],
  excludesFile: string,
  exclude: string,
): (path: string) => boolean {
  const rules = new Map<string, IgnoreFile>()
  for (const path of paths) {
    if (!/(^|\/)\.gitignore$/.test(path)) continue
    const folder = path.includes('/') ? posix.dirname(path) : ''
    rules.set(folder, new IgnoreFile(IGNORES_CASE).add(textOf(join(root, path))))
  }
  const user = excludesFile || join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'git', 'ignore')
  const wide = new IgnoreFile(IGNORES_CASE).add(textOf(user, true)).add(textOf(exclude, true))
  return (path) => {
    const bare = path.endsWith('/') ? path.slice(0, -1) : path
    for (let folder = bare; folder !== ''; ) {
      folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : ''
      const verdict = rules.get(folder)?.test(folder === '' ? path : path.slice(folder.length + 1))
      if (verdict?.ignored) return true
      if (verdict?.unignored) return false
    }
    return wide.ignores(path)
  }
}

/** '' if there is none, or none that git would read. followLink: for the user's own files. */
function textOf(path: string, followLink = false): string {
  return readRegularText(path, { followLink }) ?? ''
}
