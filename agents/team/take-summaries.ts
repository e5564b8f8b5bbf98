import { groupBy } from '../../src/groups.ts'
import { isSource } from '../../src/paths.ts'
import { breather } from '../../src/processes/breathe.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { SummaryRow } from '../../src/store/summaries.ts'
import { folderTree } from '../../src/summary/folder-tree.ts'
import { NO_MODEL } from '../../src/summary/from-facts.ts'
import { type FileBody, wordsOfFile } from '../../src/summary/kinds/file.ts'
import { SUMMARY_KINDS, type SummaryKindId } from '../../src/summary/kinds/index.ts'
import { fileSourceHash, membersHash } from '../../src/summary/source-hash.ts'
import type { SharedSummary } from '../../src/team/row.ts'
import type { RepoPath } from '../../src/types.ts'
import {
  asShown,
  fileSummaries,
  findFolderNote,
  isRoot,
  leastMembers,
  type ShownSummary,
  summarisedMembers,
} from '../sleep/folder-plan.ts'
import { projectForModel } from '../sleep/project.ts'

export interface TakeOptions {
  readonly root: string
  readonly store: Store
  readonly worktree: number
  /** 'remote NAME' or 'import'. */
  readonly origin: string
  /** Take what no content of the working tree asks for, too. */
  readonly isAll: boolean
  readonly signal: AbortSignal
}

export interface TakenSummaries {
  readonly taken: Readonly<Record<SummaryKindId, number>>
  /** Rows that this clone has already, as new or written here. */
  readonly known: number
  /** Rows that no content here asks for. */
  readonly notAsked: number
}

const MOST_OF_ONE = 4 // summaries of one content, by different models; the newest
const MOST_MODELS = 8 // whose summaries of folders are looked for: all files are looked at for each model

/**
 * Saves those summaries that contents of the working tree ask for, and makes them the newest of their subjects where no own one is. Call it
 * within transactionInSteps(); project: as shown for the repository's summary.
 */
export async function takeSummaries(
  rows: readonly SharedSummary[],
  project: string,
  options: TakeOptions,
): Promise<TakenSummaries> {
  const { store, worktree, origin, isAll, signal } = options
  const breathe = breather(signal)
  const taken = { symbol: 0, file: 0, module: 0, repository: 0 }
  const seen = new Set<SharedSummary>()
  let known = 0
  const take = (row: SharedSummary) => {
    if (seen.has(row)) return
    seen.add(row)
    const saved = store.summaries.take(asSummary(row, origin))
    if (saved.isTaken) taken[row.of]++
    else known++
  }
  const bySource = groupBySource(rows)
  const newest = (of: SummaryKindId, source: string) => bySource.get(`${of} ${source}`) ?? []

  const files = store.facts
    .readableFiles(worktree)
    .map((file) => ({ ...file, sourceHash: fileSourceHash(file.blob, file.language) }))
  const definitions = store.facts.definitions(worktree)
  for (const { sourceHash } of files) {
    for (const row of newest('file', sourceHash)) take(row)
    await breathe()
  }
  for (const [, , hash] of definitions) {
    for (const row of newest('symbol', hash)) take(row)
    await breathe()
  }
  const models = commonModels(seen)
  await pointFiles(files, definitions, options)
  const ofFolders = groupBy(
    rows.filter(({ of }) => of === 'module' || of === 'repository'),
    ({ model }) => model,
  )
  for (const model of models) await takeFolders(model, files, ofFolders.get(model) ?? [], project, take, options)
  if (isAll)
    for (const row of rows) {
      take(row)
      await breathe()
    }
  return { taken, known, notAsked: rows.length - seen.size }
}

/** The models that wrote most summaries of files. A store may name any number of models. */
function commonModels(taken: Iterable<SharedSummary>): string[] {
  const files = groupBy(
    [...taken].filter(({ of }) => of === 'file'),
    ({ model }) => model,
  )
  return [...files]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_MODELS)
    .map(([model]) => model)
}

function groupBySource(rows: readonly SharedSummary[]): ReadonlyMap<string, readonly SharedSummary[]> {
  const ofToday = rows.filter((row) => row.prompt === SUMMARY_KINDS[row.of].promptVersion)
  const groups = groupBy(ofToday, ({ of, source }) => `${of} ${source}`)
  for (const [key, group] of groups)
    if (group.length > 1) groups.set(key, group.sort((a, b) => b.at - a.at).slice(0, MOST_OF_ONE))
  return groups
}

function asSummary(row: SharedSummary, origin: string): Omit<SummaryRow, 'id'> {
  const { of: kind, source: sourceHash, prompt: promptVersion, model, body, at: writtenAt } = row
  return { kind, sourceHash, promptVersion, model, body, writtenAt, origin }
}

type HashedFile = ReturnType<Store['facts']['readableFiles']>[number] & { readonly sourceHash: string }

/** Makes what was taken the newest summary of its subjects, and findable by its words. An own summary of today's content stays. */
async function pointFiles(
  files: readonly HashedFile[],
  definitions: readonly (readonly [path: RepoPath, qualified: string, hash: string])[],
  { store, worktree, origin, signal }: TakeOptions,
): Promise<void> {
  const { summaries } = store
  const breathe = breather(signal)
  const isNeeded = (subject: string, kind: SummaryKindId, best: SummaryRow) => {
    const newest = summaries.latest(subject, kind)
    return newest?.id !== best.id && (!newest || newest.model === NO_MODEL || newest.sourceHash !== best.sourceHash)
  }
  const ofPath = new Map<RepoPath, Map<string, string>>()
  for (const [path, qualified, hash] of definitions) {
    const inFile = ofPath.get(path) ?? new Map<string, string>()
    ofPath.set(path, inFile.set(qualified, hash))
  }
  const findable: Parameters<Store['search']['put']>[1][number][] = []
  for (const { id, path, source, sourceHash } of files) {
    await breathe()
    const best = summaries.freshFromModel('file', sourceHash)
    if (!best?.origin || !isNeeded(path, 'file', best)) continue
    summaries.point(path, 'file', best.id)
    const body = best.body as FileBody
    findable.push({ file: id, path, source, summary: wordsOfFile(body) })
    // a file's note holds those of its definitions: rows of their own may be missing
    for (const { name, does } of body.symbols) {
      const hash = ofPath.get(path)?.get(name)
      if (hash) summaries.take({ ...best, kind: 'symbol', sourceHash: hash, body: { does }, origin })
    }
  }
  for (const [path, qualified, hash] of definitions) {
    await breathe()
    const best = summaries.freshFromModel('symbol', hash)
    const subject = `${path}#${qualified}`
    if (best?.origin && isNeeded(subject, 'symbol', best)) summaries.point(subject, 'symbol', best.id)
  }
  if (findable.length > 0) store.search.put(worktree, findable)
}

/** Folders ask for what was written from the summaries of their members: members first, as a pass writes them. */
async function takeFolders(
  model: string,
  files: readonly HashedFile[],
  folders: readonly SharedSummary[],
  project: string,
  take: (row: SharedSummary) => void,
  { store, signal }: TakeOptions,
): Promise<void> {
  const breathe = breather(signal)
  const bySaid = groupBy(folders, ({ of, source }) => `${of} ${source.slice(0, 64)}`)
  if (bySaid.size === 0) return
  const sources = files.filter(({ path }) => isSource(path))
  const shown: Map<string, ShownSummary> = fileSummaries(store, model, sources)
  for (const folder of folderTree(sources.map(({ path }) => path))) {
    await breathe()
    const members = summarisedMembers(folder, shown)
    if (members.length < leastMembers(folder)) {
      if (members[0]) shown.set(folder.subject, members[0])
      continue
    }
    const kind = isRoot(folder) ? 'repository' : 'module'
    const hash = membersHash(members, [isRoot(folder) ? project : ''])
    for (const row of (bySaid.get(`${kind} ${hash.said}`) ?? []).slice(0, MOST_OF_ONE)) take(row)
    const found = findFolderNote(store, model, kind, hash)
    if (!found) continue
    const newest = store.summaries.latest(folder.subject, kind)
    shown.set(folder.subject, asShown(kind, found.body, hash.said))
    if (!found.origin || (newest && newest.model !== NO_MODEL && newest.sourceHash === hash.whole)) continue
    const key = { kind, sourceHash: hash.whole, promptVersion: SUMMARY_KINDS[kind].promptVersion, model }
    if (found.id !== null) store.summaries.point(folder.subject, kind, found.id)
    else store.summaries.save(folder.subject, { ...key, ...found })
  }
}

/** What a repository's summary is written from, beside its folders. */
export async function projectOf({ root, store, worktree }: TakeOptions): Promise<string> {
  return projectForModel(root, store, worktree, () => {})
}
