import type { ChildProcess } from 'node:child_process'
import { languageOfPath } from '../parse/languages/index.ts'
import { NOTHING_READ, type ParseJob, type ParseResult } from '../parse/messages.ts'
import { parseInPool } from '../parse/parse-pool.ts'
import { handleSignals } from '../processes/blocking.ts'
import { breather } from '../processes/breathe.ts'
import type { ListedFile } from '../repo/listing.ts'
import type { SourceFacts } from '../store/facts-writer.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'
import { sourceLanguage } from './source-language.ts'
import type { Tree } from './tree.ts'

const BULK = 500 // contents; from here on, building an index once is cheaper than updating it
const SAVE_EVERY = 40 // results a transaction: other processes wait only milliseconds, and few results are left to save when the parsers end

export interface ParseOptions {
  readonly maxFileBytes: number
  readonly processes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  /** Parsers that already run (forkAhead of parse-pool). */
  readonly ahead?: ChildProcess[]
}

/**
 * Parses contents that are not in the store yet, each once, and saves them. oversized: blob ids of contents above
 * maxFileBytes. They are not saved, since the limit may change.
 */
export async function parseNew(
  tree: Tree,
  store: Store,
  options: ParseOptions,
): Promise<{ parsed: number; problems: number; oversized: ReadonlySet<string> }> {
  const jobs: ParseJob[] = []
  const paths: RepoPath[] = []
  const languages: string[] = []
  const seen = new Set<string>()
  const breathe = breather(options.signal)
  const unread: ListedFile[] = []
  for (const file of tree.listing.files) {
    await breathe()
    const { path, blob } = file
    const key = `${blob} ${sourceLanguage(file)}`
    if (seen.has(key) || store.facts.sourceId(blob, sourceLanguage(file)) !== null) continue
    seen.add(key)
    if (file.unread) {
      unread.push(file)
      continue
    }
    const language = languageOfPath(path)
    const { isWanted } = file
    jobs.push({ key: jobs.length, path: tree.fileOf(path, blob), language, blob, isWanted })
    paths.push(path)
    languages.push(sourceLanguage(file))
  }
  let parsed = 0
  let problems = 0
  let done = 0
  const oversized = new Set<string>()
  const waiting: SavedSource[] = []
  const doubtful: SavedSource[] = []
  const save = (some: readonly SavedSource[]) =>
    store.db.transaction(() => {
      for (const { job, facts } of some) store.facts.saveSource(job.blob, languages[job.key]!, facts)
      parsed += some.length
    })
  const onResult = ({ key, blob, ...facts }: ParseResult) => {
    done++
    if (facts.problem || facts.reason === 'parser gave up') problems++
    const job = jobs[key]!
    if (facts.reason === 'oversized') oversized.add(job.blob)
    else if (blob === job.blob) waiting.push({ job, facts })
    else if (facts.reason !== 'vanished') doubtful.push({ job, facts: { ...facts, isClean: false } })
    if (waiting.length >= SAVE_EVERY) save(waiting.splice(0))
    options.onProgress?.(done, jobs.length)
  }
  if (unread.length > 0) saveUnread(store, unread)
  const { maxFileBytes: maxBytes, processes, signal, ahead } = options
  if (jobs.length > BULK) store.facts.dropNameIndexes()
  try {
    await parseInPool(jobs, onResult, {
      maxBytes,
      processes,
      signal,
      ahead,
    })
  } finally {
    save(waiting)
    await handleSignals() // before a long step
    store.facts.makeNameIndexes() // no work, unless this or an earlier bulk load dropped them
  }
  // The bytes differ from those in git's index: the file was edited meanwhile, or a filter changes it (line endings, LFS). git knows which.
  const today = await tree.hash(doubtful.map(({ job }) => paths[job.key]!))
  save(doubtful.filter(({ job }) => today.get(paths[job.key]!) === job.blob))
  return { parsed, problems, oversized }
}

function saveUnread(store: Store, files: readonly ListedFile[]): void {
  store.db.transaction(() => {
    for (const file of files)
      store.facts.saveSource(file.blob, sourceLanguage(file), {
        ...NOTHING_READ,
        bytes: 0,
        lines: 0,
        reason: file.unread!.reason,
      })
  })
}

interface SavedSource {
  readonly job: ParseJob
  readonly facts: SourceFacts
}
