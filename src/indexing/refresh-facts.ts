import type { ChildProcess } from 'node:child_process'
import type { PathSettings } from '../config/path-settings.ts'
import { cleanMessage } from '../history/clean-message.ts'
import { endAhead, forkAhead } from '../parse/parse-pool.ts'
import { breather } from '../processes/breathe.ts'
import { listFiles } from '../repo/list-files.ts'
import type { Listing } from '../repo/listing.ts'
import { missingContents } from '../repo/missing-contents.ts'
import type { Repo } from '../repo/open-repo.ts'
import { type PastCommit, reachableCommits, readCommits } from '../repo/read-commits.ts'
import type { Store } from '../store/open-store.ts'
import type { ParseOptions } from './parse-new.ts'
import { workingTree } from './tree.ts'

export interface RefreshOptions extends ParseOptions {
  /** Largest number of past commits that are read. */
  readonly maxCommits: number
  /** Which paths the configurations name. */
  readonly paths?: PathSettings
  /** Reads the working tree. Left out: it is read as listFiles() does. */
  readonly list?: () => Promise<Listing>
}

export interface RefreshReport {
  readonly worktree: number
  readonly changed: boolean
  /** Paths added, changed or removed. */
  readonly files: number
  readonly parsed: number
  /** Contents for which the parser gave up or threw. */
  readonly problems: number
  readonly commits: number
  readonly ms: number
}

/**
 * Brings the facts of a working tree up to date: files, parsed contents, full text, imports, history.
 *
 * Reads and parses only contents that the database has never seen. Parsed contents are kept even if the refresh is
 * interrupted. The files change in one transaction and the history in another, so that a reader sees the old state or
 * the new one. The result does not depend on earlier refreshes.
 */
export async function refreshFacts(repo: Repo, store: Store, options: RefreshOptions): Promise<RefreshReport> {
  const started = performance.now()
  const { id: worktree, listing: before } = store.facts.worktree(repo.root)
  const ahead: ChildProcess[] = []
  try {
    if (before === null && store.facts.isEmpty()) forkAhead(ahead, options.processes)
    const [listing, commits] = await Promise.all([
      options.list?.() ?? listFiles(repo.root, options),
      commitsToLearn(repo, store, worktree, options),
    ])
    const key = factsKey(listing, options)
    const changed = before !== key
    // Usually a file or two have changed: one parser starts while the tables are read.
    if (changed && before !== null) forkAhead(ahead, 1)
    if (changed || commits) await store.db.whenFree(options.signal)
    const tree = workingTree(repo.root, listing)
    // Loaded only if something has changed: usually nothing has, and then start-up takes all the time.
    const work = changed ? { ...(await import('./parse-new.ts')), ...(await import('./put-tree.ts')) } : null
    const [read] = await Promise.all([
      work?.parseNew(tree, store, { ...options, ahead }),
      commits ? learnCommits(repo, store, worktree, options, commits) : undefined,
    ])
    const { signal } = options
    const put = work && read && (() => work.putTree(tree, store, worktree, key, read.oversized, signal))
    const files = put ? await store.db.transactionInSteps(put, signal) : 0
    return {
      worktree,
      changed,
      files,
      parsed: read?.parsed ?? 0,
      problems: read?.problems ?? 0,
      commits: store.history.count(worktree),
      ms: performance.now() - started,
    }
  } finally {
    endAhead(ahead)
  }
}

/** The key of the facts of a listing: equal keys mean equal facts. */
export function factsKey({ digest }: Pick<Listing, 'digest'>, { maxFileBytes }: Pick<RefreshOptions, 'maxFileBytes'>) {
  return `${digest} ${maxFileBytes}`
}

/** The repository whose past is read. */
type PastOf = Pick<Repo, 'root' | 'head' | 'shallow'>

/** The key of a history. It is read anew if HEAD, the number of commits, or the end of a shallow clone changes. */
const reachOf = ({ head, shallow }: PastOf, { maxCommits }: Pick<RefreshOptions, 'maxCommits'>) =>
  [head, maxCommits, shallow].join(' ')

/** The commit up to which the past of a working tree was read; null: not read yet. */
export function headKnown(store: Store, root: string): string | null {
  return store.facts.worktree(root).history?.split(' ')[0] || null
}

/** The commits that the history of a working tree must hold, newest first. null: it holds them, and no missing content has arrived. */
export async function commitsToLearn(
  repo: PastOf,
  store: Store,
  worktree: number,
  options: Pick<RefreshOptions, 'maxCommits'>,
): Promise<string[] | null> {
  const { root, head } = repo
  const isKnown = store.facts.worktree(root).history === reachOf(repo, options)
  const again = isKnown ? await readableAgain(root, store, (hash) => store.history.reaches(worktree, hash)) : []
  return isKnown && again.length === 0 ? null : reachableCommits(root, head, options.maxCommits)
}

/** Reads new commits, and commits whose missing contents have arrived, and makes exactly these hashes the past of the working tree. */
export async function learnCommits(
  repo: PastOf,
  store: Store,
  worktree: number,
  options: Pick<RefreshOptions, 'maxCommits' | 'signal'>,
  hashes: readonly string[],
): Promise<void> {
  const { root } = repo
  const wanted = new Set(hashes)
  const unknown = hashes.filter((hash) => !store.history.knows(hash))
  const again = await readableAgain(root, store, (hash) => wanted.has(hash))
  const coming = [...unknown, ...again]
  for (let from = 0; from < coming.length; from += COMMITS_READ) {
    const { signal } = options
    const part = coming.slice(from, from + COMMITS_READ)
    const commits = (await readCommits(root, part, signal ? { signal } : {})).map(asWhole)
    const breathe = breather(signal)
    for (let at = 0; at < commits.length; at += COMMITS_AT_ONCE) {
      await breathe()
      store.db.transaction(() => {
        for (const commit of commits.slice(at, at + COMMITS_AT_ONCE)) store.history.saveCommit(commit)
      })
    }
  }
  store.db.transaction(() => store.history.setReach(worktree, reachOf(repo, options), hashes))
}

const COMMITS_READ = 1000 // commits a git process: what is saved is not read again after Ctrl-C
const COMMITS_AT_ONCE = 30 // commits a transaction; each is complete by itself, whether or not the others are saved

/** Commits that were read without a content that this clone has now. One git process, if there are any. */
async function readableAgain(root: string, store: Store, isMeant: (hash: string) => boolean): Promise<string[]> {
  const lacking = store.history.lacking().filter(({ hash }) => isMeant(hash))
  const missing = await missingContents(
    root,
    lacking.map((one) => one.missing),
  )
  return lacking.filter((one) => !missing.has(one.missing)).map(({ hash }) => hash)
}

/** Treats a merged pull request as one change with its own title. A merge that names no change has no changes. */
function asWhole(commit: PastCommit): PastCommit {
  if (!commit.isMerge) return commit
  const message = cleanMessage(commit.subject, commit.body, true)
  return message ? { ...commit, subject: message.title, body: message.body } : { ...commit, changes: [], missing: null }
}
