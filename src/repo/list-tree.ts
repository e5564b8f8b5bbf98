import { NO_PATHS, type PathSettings } from '../config/path-settings.ts'
import { isInTree } from '../files/is-in-tree.ts'
import { MOST_SETTINGS } from '../files/read-regular.ts'
import { breather } from '../processes/breathe.ts'
import type { RepoPath } from '../types.ts'
import { git, splitNul, streamGit } from './git.ts'
import { SUBMODULE, SYMLINK } from './list-files.ts'
import type { LeftOut, ListedFile, Listing } from './listing.ts'
import { makeListing } from './make-listing.ts'
import { readPathRules, ruleOf } from './path-rules.ts'

/**
 * The tree of a commit, as listFiles would list a clean checkout of it. One git process, and one more for each unread file of rules or
 * attributes. O(files).
 */
export async function listTree(root: string, commit: string, paths: PathSettings = NO_PATHS): Promise<Listing> {
  const entries = splitNul(await git(root, ['ls-tree', '-r', '-z', commit])).flatMap((entry) => {
    const tab = entry.indexOf('\t')
    const [mode, , blob] = entry.slice(0, tab).split(' ') as [string, string, string]
    const path = entry.slice(tab + 1)
    return isInTree(path) ? [{ mode, blob, path }] : []
  })
  const blobs = new Map(entries.map(({ path, blob }) => [path, blob]))
  const verdictOf = await readPathRules({
    paths: entries.flatMap(({ mode, path }) => (mode === SYMLINK ? [] : [path])),
    tracked: blobs,
    untracked: new Set(),
    read: (path) => ruleText(root, blobs.get(path)!),
    settings: paths,
  })
  const files: ListedFile[] = []
  const leftOut: ({ path: RepoPath } & LeftOut)[] = []
  const breathe = breather()
  for (const { mode, path, blob } of entries.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    await breathe()
    if (mode === SYMLINK) leftOut.push({ path, reason: 'symbolic link' })
    else if (mode === SUBMODULE) leftOut.push({ path, reason: 'submodule' })
    else {
      const verdict = verdictOf(path)
      if (verdict === 'wanted') files.push({ path, blob, isWanted: true })
      else if (verdict && !verdict.isListed) leftOut.push({ path, ...ruleOf(verdict) })
      else files.push({ path, blob, ...(verdict && { unread: ruleOf(verdict) }) })
    }
  }
  return makeListing({ files, leftOut })
}

const MOST_TEXTS = 500
const texts = new Map<string, Promise<string>>() // by id: past trees share nearly all of them

function ruleText(root: string, blob: string): Promise<string> {
  if (texts.size >= MOST_TEXTS) texts.clear()
  const known = texts.get(blob)
  if (known) return known
  const text = readRules(root, blob)
  texts.set(blob, text)
  return text
}

/** The text of a file of rules; '' if it is larger than MOST_SETTINGS, as in a working tree. */
async function readRules(root: string, blob: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  const onOutput = (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    return bytes <= MOST_SETTINGS
  }
  await streamGit(root, ['cat-file', 'blob', blob], { onOutput })
  return bytes <= MOST_SETTINGS ? Buffer.concat(chunks).toString('utf8') : ''
}
