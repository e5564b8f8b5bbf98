import { setImmediate } from 'node:timers/promises'
import { countEach } from '../../src/groups.ts'
import type { Store } from '../../src/store/open-store.ts'
import { type Folder, folderTree } from '../../src/summary/folder-tree.ts'
import {
  authorsWords,
  fileFromFacts,
  type ModuleFacts,
  moduleFromFacts,
  NO_MODEL,
  repositoryFromFacts,
} from '../../src/summary/from-facts.ts'
import { SUMMARY_KINDS } from '../../src/summary/kinds/index.ts'
import { ownWords } from '../../src/summary/own-words.ts'
import { hashOf } from '../../src/summary/source-hash.ts'
import type { RepoPath } from '../../src/types.ts'
import { isRoot } from './folder-plan.ts'
import type { PlanFile } from './plan.ts'
import { readProject, readText } from './project.ts'

export interface FreeSubjects {
  readonly root: string
  readonly store: Store
  readonly worktree: number
  readonly files: readonly PlanFile[]
}

export interface FreeOptions extends FreeSubjects {
  readonly clock: () => number
  readonly signal: AbortSignal | undefined
  /** Called after each batch, within its transaction. */
  readonly onSaved: (counts: { written: number; reused: number }) => void
}

interface Said {
  /** The author's comment, '' without. */
  readonly says: string
  /** The comment, if it is about the whole file. */
  readonly doc: string | null
  readonly importers: readonly RepoPath[]
}

interface FreeSummary {
  readonly subject: string
  readonly kind: 'file' | 'module' | 'repository'
  readonly body: object
}

const BATCH = 200 // summaries a transaction: other processes wait for milliseconds

/**
 * Builds summaries from the authors' comments and the facts, for every subject without a summary by a model. Costs nothing; about 3,000
 * files in a second or two. Stops between two batches when the signal fires.
 */
export async function writeFreeSummaries(options: FreeOptions): Promise<void> {
  const { store, files, signal } = options
  const said = new Map<string, Said>()
  const summaries = summariesOf(options, said)
  for (;;) {
    const batch: FreeSummary[] = []
    for (let next = summaries.next(); ; next = summaries.next()) {
      if (!next.done) batch.push(next.value)
      if (next.done || batch.length === BATCH) break
    }
    if (batch.length === 0 || signal?.aborted) break
    save(options, batch)
    await setImmediate() // lets Ctrl-C through
  }
  if (files.length > 0 && !signal?.aborted) store.summaries.sweepUnwritten()
}

/** What writeFreeSummaries would write, and how many it would find unchanged. Writes nothing. */
export function planFreeSummaries(options: FreeSubjects): {
  readonly coming: readonly FreeSummary[]
  readonly reused: number
} {
  const summaries = [...summariesOf(options, new Map())]
  const known = new Set<string>()
  const coming = summaries.filter((summary) => {
    const { found, key } = findSummary(options.store, summary)
    const isComing = !found && !known.has(key.sourceHash)
    known.add(key.sourceHash)
    return isComing
  })
  return { coming, reused: summaries.length - coming.length }
}

function* summariesOf(options: FreeSubjects, said: Map<string, Said>): Generator<FreeSummary> {
  const { files, root, store, worktree } = options
  const byPath = new Map(store.facts.readableFiles(worktree).map((file) => [file.path, file]))
  const uses = store.facts.importerCounts(worktree)
  for (const { path } of files) yield summaryOfFile(options, byPath.get(path)!, uses, said)
  const folders = folderTree(files.map(({ path }) => path))
  for (const folder of folders) {
    if (!isRoot(folder))
      yield summaryOfModule(folder, said, (name) =>
        byPath.has(folder.subject + name) ? readText(root, folder.subject + name) : null,
      )
    else if (files.length > 0) yield summaryOfRepository(options, folder, said, [...byPath.keys()])
  }
}

function summaryOfFile(
  { store }: FreeSubjects,
  file: FileRow,
  uses: ReadonlyMap<number, number>,
  said: Map<string, Said>,
): FreeSummary {
  const paths = (files: readonly { id: number; path: RepoPath }[]) =>
    [...files].sort((a, b) => (uses.get(b.id) ?? 0) - (uses.get(a.id) ?? 0)).map(({ path }) => path)
  const importers = paths(store.facts.importersOf([file.id]).get(file.id)!)
  const facts = {
    doc: file.doc,
    symbols: store.facts.symbolsOf(file.source),
    imports: paths(store.facts.importsOf([file.id]).get(file.id)!),
    importers,
  }
  said.set(file.path, { says: authorsWords(facts), doc: file.doc, importers })
  return { subject: file.path, kind: 'file', body: fileFromFacts(facts) }
}

type FileRow = ReturnType<Store['facts']['readableFiles']>[number]

const STANDS_FOR_FOLDER = /^(index\.[cm]?[jt]sx?|__init__\.py|mod\.rs|lib\.rs|doc\.go|package-info\.java)$/

function summaryOfModule(
  { subject, members }: Folder,
  said: Map<string, Said>,
  read: (name: string) => string | null,
): FreeSummary {
  const readme = read('README.md') ?? read('readme.md')
  const index = members.find(({ name }) => STANDS_FOR_FOLDER.test(name))
  const words = members.map((member) => ({ name: member.name, says: said.get(member.subject)?.says ?? '' }))
  const doc = (index && said.get(index.subject)?.doc) ?? null
  const body = moduleFromFacts({ readme, doc, members: words, registry: registryOf(subject, members, said) })
  said.set(subject, { says: ownWords(readme, 40) || ownWords(doc, 40), doc: null, importers: [] })
  return { subject, kind: 'module', body }
}

/** A source file that imports at least three members, and at least 60 % of those beside it. */
function registryOf(
  folder: string,
  members: Folder['members'],
  said: ReadonlyMap<string, Said>,
): ModuleFacts['registry'] {
  const importers = members.flatMap(({ subject }) => said.get(subject)?.importers ?? [])
  const counts = countEach(importers.filter((path) => said.has(path)))
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  if (!best) return null
  const [path, imports] = best
  const of = members.filter(({ name }) => folder + name !== path).length
  return imports >= 3 && imports >= 0.6 * of ? { path, imports, of } : null
}

function summaryOfRepository(
  { root, store, worktree, files }: FreeSubjects,
  folder: Folder,
  said: ReadonlyMap<string, Said>,
  paths: readonly RepoPath[],
): FreeSummary {
  const layout = folder.members.map(({ name, subject }) => ({
    path: name,
    files: files.filter(({ path }) => path === subject || (subject.endsWith('/') && path.startsWith(subject))).length,
    says: said.get(subject)?.says ?? '',
  }))
  layout.sort((a, b) => b.files - a.files || (a.path < b.path ? -1 : 1))
  const body = repositoryFromFacts({ ...readProject(root, paths), layout, languages: store.facts.languages(worktree) })
  return { subject: '.', kind: 'repository', body }
}

/** Saves new summaries. A subject with a summary by a model keeps it. */
function save({ store, clock, onSaved }: FreeOptions, summaries: readonly FreeSummary[]): void {
  const counts = { written: 0, reused: 0 }
  store.db.transaction(() => {
    for (const summary of summaries) {
      const { subject, kind, body } = summary
      const { newest, found, key } = findSummary(store, summary)
      if (!found) store.summaries.save(subject, { ...key, body, writtenAt: clock() })
      else if (found.id !== newest?.id) store.summaries.point(subject, kind, found.id)
      counts[found ? 'reused' : 'written']++
    }
    onSaved(counts)
  })
}

/** The newest summary of a subject, and the one that makes this one needless: a model's, or the same text. */
function findSummary(store: Store, { subject, kind, body }: FreeSummary) {
  const newest = store.summaries.pointer(subject, kind)
  const key = {
    kind,
    sourceHash: hashOf([kind, JSON.stringify(body)]),
    promptVersion: SUMMARY_KINDS[kind].promptVersion,
    model: NO_MODEL,
  }
  const found = newest && newest.model !== NO_MODEL ? newest : store.summaries.find(key)
  return { newest, found, key }
}
