import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildTree, RESOLVERS } from '../../src/graph/resolve/index.ts'
import { languageOfPath } from '../../src/parse/languages/index.ts'
import type { ParseJob, ParseResult } from '../../src/parse/messages.ts'
import { parseInPool } from '../../src/parse/parse-pool.ts'
import { hashFiles, type Listing, listFiles } from '../../src/repo/list-files.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { reachableCommits, readCommits } from '../../src/repo/read-commits.ts'
import type { SourceFacts } from '../../src/store/facts.ts'
import type { Store } from '../../src/store/open-store.ts'
import { searchableSummary } from '../../src/summary/summary-reader.ts'
import type { Certainty, RepoPath } from '../../src/types.ts'

export interface RefreshOptions {
  readonly maxFileBytes: number
  /** How many past commits count. */
  readonly maxCommits: number
  readonly processes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface RefreshReport {
  readonly worktree: number
  readonly changed: boolean
  /** Paths put, changed or removed. */
  readonly files: number
  readonly parsed: number
  /** Contents that the parser gave up on or threw at. */
  readonly problems: number
  readonly commits: number
  readonly ms: number
}

const BULK = 500 // contents; from here on, sorting an index once is cheaper than keeping it sorted
const SAVE_EVERY = 200 // results a transaction: few enough that other processes wait for milliseconds

/**
 * Brings the facts of a working tree up to date: files, parsed contents, full text, imports, history.
 *
 * Reads and parses only contents that the database has never seen. What is parsed is kept even when interrupted; the
 * working tree's own tables change in one transaction, so a reader sees the old state or the new. The result is the same
 * whether it came from nothing or step by step.
 */
export async function refreshFacts(repo: Repo, store: Store, options: RefreshOptions): Promise<RefreshReport> {
  const started = performance.now()
  const [listing, commits] = await Promise.all([
    listFiles(repo.root, options.maxFileBytes),
    store.facts.worktree(repo.root).history === repo.head
      ? null
      : reachableCommits(repo.root, repo.head, options.maxCommits),
  ])
  const { id: worktree, listing: before } = store.facts.worktree(repo.root)
  const changed = before !== listing.digest
  const [parsing] = await Promise.all([
    changed ? parseNew(repo, store, listing, options) : { parsed: 0, problems: 0 },
    commits ? learnCommits(repo, store, commits) : undefined,
  ])
  let files = 0
  if (changed || commits) {
    store.db.transaction(() => {
      if (changed) files = putTree(repo, store, worktree, listing)
      if (commits) {
        store.history.prepare(worktree)
        store.history.setReach(worktree, repo.head, commits)
      }
    })
  }
  return {
    worktree,
    changed,
    files,
    ...parsing,
    commits: store.history.count(worktree),
    ms: performance.now() - started,
  }
}

/** Parses contents that are not in the store yet, each once, and saves them. */
async function parseNew(
  repo: Repo,
  store: Store,
  listing: Listing,
  options: RefreshOptions,
): Promise<{ parsed: number; problems: number }> {
  const jobs: ParseJob[] = []
  const paths: RepoPath[] = []
  const seen = new Set<string>()
  for (const { path, blob } of listing.files) {
    const language = languageOfPath(path)
    const key = `${blob} ${language}`
    if (seen.has(key) || store.facts.sourceId(blob, language ?? '') !== null) continue
    seen.add(key)
    jobs.push({ key: jobs.length, path: join(repo.root, path), language, blob })
    paths.push(path)
  }
  let problems = 0
  let done = 0
  const waiting: SavedSource[] = []
  const doubtful: SavedSource[] = []
  const save = (some: readonly SavedSource[]) =>
    store.db.transaction(() => {
      for (const { job, facts } of some) store.facts.saveSource(job.blob, job.language ?? '', facts)
    })
  const onResult = ({ key, blob, ...facts }: ParseResult) => {
    done++
    if (facts.problem || facts.reason === 'parser gave up') problems++
    const job = jobs[key]!
    if (blob === job.blob || facts.reason === 'oversized') waiting.push({ job, facts })
    else if (facts.reason !== 'vanished') doubtful.push({ job, facts })
    if (waiting.length >= SAVE_EVERY) save(waiting.splice(0))
    options.onProgress?.(done, jobs.length)
  }
  const { maxFileBytes: maxBytes, processes, signal } = options
  const isBulk = jobs.length > BULK
  if (isBulk) store.facts.dropNameIndex()
  try {
    await parseInPool(jobs, onResult, { maxBytes, ...(processes ? { processes } : {}), ...(signal ? { signal } : {}) })
  } finally {
    save(waiting)
    if (isBulk) store.facts.makeNameIndex()
  }
  // Other bytes than git's index has: edited while we read, or changed by a filter (line endings, LFS). git knows which.
  const today = await hashFiles(
    repo.root,
    doubtful.map(({ job }) => paths[job.key]!),
  )
  save(doubtful.filter(({ job }) => today.get(paths[job.key]!) === job.blob))
  return { parsed: jobs.length, problems }
}

interface SavedSource {
  readonly job: ParseJob
  readonly facts: SourceFacts
}

async function learnCommits(repo: Repo, store: Store, hashes: readonly string[]): Promise<void> {
  const unknown = hashes.filter((hash) => !store.history.knows(hash))
  const commits = await readCommits(repo.root, unknown)
  store.db.transaction(() => {
    for (const commit of commits) store.history.saveCommit(commit)
  })
}

/** Makes the tables of the working tree say what the listing says. Returns how many paths changed. */
function putTree(repo: Repo, store: Store, worktree: number, listing: Listing): number {
  const old = new Map(store.facts.files(worktree).map((file) => [file.path, file]))
  const touched: TouchedFile[] = []
  const unread: number[] = []
  let isComplete = true
  let pathsChanged = false
  const put = (path: RepoPath, source: number | null, reason: string | null, blob = '') => {
    const known = old.get(path)
    old.delete(path)
    if (known && known.source === source && (source !== null || known.reason === reason)) return
    pathsChanged ||= !known
    const id = store.facts.putFile(worktree, path, source, reason)
    if (source !== null) touched.push({ id, path, source, blob })
    else unread.push(id)
  }
  for (const { path, blob } of listing.files) {
    const source = store.facts.sourceId(blob, languageOfPath(path) ?? '')
    if (source !== null) put(path, source, null, blob)
    else isComplete = false // it vanished or changed while it was read: the next refresh looks again
  }
  for (const { path, reason } of listing.leftOut) put(path, null, reason)
  for (const gone of old.values()) store.facts.removeFile(gone.id)

  // Full text last and in one go: FTS5 writes out what it holds at each statement on another table.
  store.search.prepare(worktree)
  for (const { id } of old.values()) store.search.remove(worktree, id)
  for (const id of unread) store.search.remove(worktree, id)
  for (const { id, path, source, blob } of touched) {
    const summary = searchableSummary(store, path, blob, languageOfPath(path) ?? '')
    store.search.put(worktree, id, path, store.search.termsOfSource(source), summary)
  }

  resolveImports(repo, store, worktree, touched, pathsChanged || old.size > 0)
  store.facts.setListing(worktree, isComplete ? listing.digest : '', Date.now())
  return touched.length + unread.length + old.size
}

interface TouchedFile {
  readonly id: number
  readonly path: RepoPath
  readonly source: number
  readonly blob: string
}

/** Resolves what the touched files import; what every file imports, when paths came or went or a configuration changed. */
function resolveImports(
  repo: Repo,
  store: Store,
  worktree: number,
  touched: readonly TouchedFile[],
  pathsChanged: boolean,
): void {
  const isConfig = (path: RepoPath) => Object.values(RESOLVERS).some((resolver) => resolver.isConfig(path))
  const all = store.facts.files(worktree).filter((file) => file.source !== null)
  const ids = new Map(all.map((file) => [file.path, file.id]))
  const tree = buildTree(ids.keys(), (path) => {
    try {
      return readFileSync(join(repo.root, path), 'utf8')
    } catch {
      return null // vanished since git listed it: as if it were not there
    }
  })
  const resolve = new Map(Object.entries(RESOLVERS).map(([language, resolver]) => [language, resolver.create(tree)]))
  const files = pathsChanged || touched.some((file) => isConfig(file.path)) ? all : touched
  for (const file of files) {
    const resolver = resolve.get(languageOfPath(file.path) ?? '')
    if (!resolver) continue
    const targets = new Map<number, Certainty>()
    for (const specifier of store.facts.imports(file.source!)) {
      for (const { path, certainty } of resolver(file.path, specifier)) {
        const target = ids.get(path)
        if (target !== undefined && target !== file.id && targets.get(target) !== 'resolved')
          targets.set(target, certainty)
      }
    }
    store.facts.setImports(file.id, targets)
  }
}
