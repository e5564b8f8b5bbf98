import { constants, existsSync } from 'node:fs'
import { access, lstat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { NO_PATHS, type PathSettings } from '../config/path-settings.ts'
import { isInTree } from '../files/is-in-tree.ts'
import { breather } from '../processes/breathe.ts'
import type { RepoPath } from '../types.ts'
import type { PathReason, PathRule } from './default-ignores.ts'
import { git, splitNul } from './git.ts'
import { isWithin } from './is-within.ts'
import type { LeftOut, ListedFile, Listing } from './listing.ts'
import { makeListing } from './make-listing.ts'
import { readPathRules, ruleOf } from './path-rules.ts'
import { portions } from './portions.ts'
import { readRuleFile } from './read-rule-file.ts'
import { readStatus, STATUS, type StatusEntry } from './read-status.ts'
import type { TreeMemory } from './tree-memory.ts'

export interface ListOptions {
  /** Uncommitted files above this size are left out unread. */
  readonly maxFileBytes: number
  readonly paths?: PathSettings
}

export const SYMLINK = '120000'
export const SUBMODULE = '160000'
const UNLOOKED = /[Sa-z]/ // git's tags for a file that a sparse checkout leaves out, or whose changes git is set to ignore
/** In a path: such a file cannot be opened by the name that we have. */
export const NOT_UTF8 = '\ufffd'

/** A working tree, and the commit that is checked out in it. */
export interface ReadTree {
  readonly listing: Listing
  /** null: there is none yet. */
  readonly head: string | null
}

const LIST = ['ls-files', '--stage', '-v', '-z']

/** Files of a working tree: see readTree. */
export async function listFiles(root: string, options: ListOptions): Promise<Listing> {
  return (await readTree(root, options)).listing
}

/**
 * The working tree as git sees it: tracked files, their uncommitted edits, and untracked files that are not ignored.
 *
 * Most ids come from git's index without reading a file. git itself hashes files that differ from it, so that line ending and filter
 * settings apply. Two git processes in parallel, O(files); no lock is taken. memory: of the same working tree, for those who read it
 * again and again: one git process if the index is still the same.
 */
export async function readTree(root: string, options: ListOptions, memory?: TreeMemory): Promise<ReadTree> {
  const list = () => git(root, LIST)
  const [staged, said] = await Promise.all([memory ? memory.staged(list) : list(), git(root, STATUS)])
  const { head, entries } = readStatus(said)
  const settings = JSON.stringify(options.paths ?? NO_PATHS)
  const key = [staged, JSON.stringify(entries), settings, String(options.maxFileBytes)]
  const known = memory?.listing(key)
  if (known) return { listing: known, head }
  const note = memory?.remember(key)
  const listing = await listingOf({ root, staged, entries }, options, note?.look)
  note?.done(listing)
  return { listing, head }
}

/** What git said of a working tree. */
interface Said {
  readonly root: string
  /** Output of LIST. */
  readonly staged: string
  readonly entries: readonly StatusEntry[]
}

/** look: called before the state of a file is read. */
async function listingOf(
  { root, staged, entries }: Said,
  { maxFileBytes, paths = NO_PATHS }: ListOptions,
  look: (path: RepoPath) => void = () => {},
): Promise<Listing> {
  const blobs = new Map<RepoPath, string>()
  const leftOut = new Map<RepoPath, LeftOut>()
  const leaveOut = (path: RepoPath, reason: PathReason) => leftOut.set(path, { reason })
  const changed: RepoPath[] = []
  const untracked = new Set<RepoPath>()
  for (const entry of splitNul(staged)) {
    const tab = entry.indexOf('\t')
    const [tag, mode, blob] = entry.slice(0, tab).split(' ') as [string, string, string]
    const path = entry.slice(tab + 1)
    if (!isInTree(path)) continue
    blobs.set(path, blob)
    if (mode === SYMLINK) leaveOut(path, 'symbolic link')
    else if (mode === SUBMODULE) leaveOut(path, 'submodule')
    else if (path.includes(NOT_UTF8)) leaveOut(path, 'name not in UTF-8')
    else if (UNLOOKED.test(tag)) {
      look(path)
      if (existsSync(join(root, path)))
        changed.push(path) // git does not check whether it changed
      else leaveOut(path, 'not checked out')
    }
  }
  for (const { staged, unstaged, path } of entries) {
    if (!isInTree(path)) continue
    if (unstaged !== '.') leftOut.delete(path) // decided by its type in the index; it may be a regular file now, or deleted
    if (unstaged === 'D' && staged !== 'U')
      blobs.delete(path) // 'UD': deleted on the merged side, and still here
    else if (path.includes(NOT_UTF8)) leaveOut(path, 'name not in UTF-8')
    else if (path.endsWith('/')) leaveOut(path.slice(0, -1), 'nested repository')
    else if (unstaged !== '.') changed.push(path)
    if (unstaged === '?') untracked.add(path)
  }

  const breathe = breather()
  const verdictOf = await readPathRules({
    paths: [...blobs.keys(), ...changed],
    tracked: blobs,
    untracked,
    read(path) {
      look(path)
      return readRuleFile(root, path)
    },
    settings: paths,
  })
  const toHash: RepoPath[] = []
  const folders = new Map<string, Promise<boolean>>()
  /** git does not look at the folders of every path: with skip-worktree, or unmerged, one may be a link out of the tree. */
  const isBehindLink = async (path: RepoPath) => {
    const folder = posix.dirname(path)
    const known = folders.get(folder) ?? isWithin(root, path)
    folders.set(folder, known)
    return !(await known)
  }
  for (const path of changed) {
    look(path)
    const stat = await lstat(join(root, path)).catch(() => null) // deleted since git listed it
    blobs.delete(path)
    if (!stat || stat.isDirectory()) continue
    if (!stat.isFile() || (await isBehindLink(path))) leaveOut(path, 'symbolic link')
    else if (stat.size > maxFileBytes) leaveOut(path, 'oversized')
    else if (!(await isReadable(join(root, path)))) leaveOut(path, 'may not be read')
    else toHash.push(path)
  }
  const unread = new Map<RepoPath, PathRule>()
  const wanted = new Set<RepoPath>()
  const judge = (path: RepoPath): boolean => {
    const verdict = leftOut.has(path) ? null : verdictOf(path)
    if (verdict === 'wanted') wanted.add(path)
    if (!verdict || verdict === 'wanted') return !leftOut.has(path)
    if (verdict.isListed) unread.set(path, ruleOf(verdict))
    else leftOut.set(path, ruleOf(verdict))
    return verdict.isListed
  }
  const hashed = toHash.filter(judge)
  for (const [path, blob] of await hashFiles(root, hashed)) blobs.set(path, blob)
  for (const path of blobs.keys()) {
    await breathe()
    judge(path)
  }
  for (const path of leftOut.keys()) blobs.delete(path)

  const files = [...blobs]
    .map(([path, blob]): ListedFile => {
      const rule = unread.get(path)
      return { path, blob, ...(rule && { unread: rule }), ...(wanted.has(path) && { isWanted: true }) }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const skipped = [...leftOut].map(([path, why]) => ({ path, ...why })).sort((a, b) => (a.path < b.path ? -1 : 1))
  return makeListing({ files, leftOut: skipped })
}

function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}

/** Ids of working-tree contents. A file that is deleted meanwhile is missing from the result. */
export async function hashFiles(root: string, paths: readonly RepoPath[]): Promise<Map<RepoPath, string>> {
  const ids = new Map<RepoPath, string>()
  for (const some of portions(paths)) {
    try {
      const output = (await git(root, ['hash-object', '--', ...some])).trimEnd().split('\n')
      some.forEach((path, i) => {
        ids.set(path, output[i]!)
      })
    } catch (error) {
      if (some.length === 1) {
        if (
          await lstat(join(root, some[0]!)).then(
            () => true,
            () => false,
          )
        )
          throw error
        continue
      }
      for (const path of some) for (const [one, id] of await hashFiles(root, [path])) ids.set(one, id)
    }
  }
  return ids
}
