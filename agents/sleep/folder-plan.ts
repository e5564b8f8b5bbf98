import { USUAL_OUTPUT } from '../../src/llm/budget.ts'
import type { Store } from '../../src/store/open-store.ts'
import { exchangeNames } from '../../src/summary/exchange-names.ts'
import type { Folder } from '../../src/summary/folder-tree.ts'
import { NO_MODEL } from '../../src/summary/from-facts.ts'
import { renderSummary, SUMMARY_KINDS, type SummaryKindId } from '../../src/summary/kinds/index.ts'
import type { ModuleBody } from '../../src/summary/kinds/module.ts'
import type { RepositoryBody } from '../../src/summary/kinds/repository.ts'
import { hashOf, type MembersHash, membersHash } from '../../src/summary/source-hash.ts'
import type { RepoPath } from '../../src/types.ts'
import { type PlanFile, type PlannedFile, PROMPT_TOKENS } from './plan.ts'

/** Summary of a file or folder, as shown for the folder above it. */
export interface ShownSummary {
  readonly text: string
  /** Changes with the summary, not with names. */
  readonly key: string
}

/** said: for a folder, MembersHash.said. */
export function asShown(kind: SummaryKindId, body: unknown, said?: string): ShownSummary {
  const text = renderSummary(kind, body) ?? ''
  return { text, key: said ?? hashOf([text]) }
}

export interface FolderNote {
  readonly body: ModuleBody | RepositoryBody
  readonly writtenAt: number
  /** null: it was found under other names. `body` has the new names, and is to be saved under them. */
  readonly id: number | null
  /** As in the table `summary`. */
  readonly origin: string | null
}

/** The note that the model wrote for members with the same summaries, whatever their names were then. */
export function findFolderNote(
  store: Store,
  model: string,
  kind: 'module' | 'repository',
  { said, whole, names }: MembersHash,
): FolderNote | null {
  const { promptVersion } = SUMMARY_KINDS[kind]
  const found = store.summaries.find({ kind, sourceHash: whole, promptVersion, model })
  if (found) return { ...found, body: found.body as FolderNote['body'] }
  const today = new Set(names)
  const inCommon = ({ body }: { body: unknown }) =>
    (body as FolderNote['body']).names.filter((name) => today.has(name)).length
  // several folders may have members with the same summaries: choose the one that shares most names
  const [nearest] = store.summaries
    .findStart({ kind, sourceHash: said, promptVersion, model })
    .sort((a, b) => inCommon(b) - inCommon(a))
  return nearest ? { ...nearest, body: exchangeNames(nearest.body as FolderNote['body'], names), id: null } : null
}

function isRejected(store: Store, model: string, kind: 'module' | 'repository', { whole }: MembersHash): boolean {
  const { promptVersion } = SUMMARY_KINDS[kind]
  return store.summaries.isRejected({ kind, sourceHash: whole, promptVersion, model })
}

export function isRoot(folder: Folder): boolean {
  return folder.subject === '.'
}

/** The model's summaries of files, by path. Files without one are missing. One look-up a file. */
export function fileSummaries(
  store: Store,
  model: string,
  files: readonly Pick<PlanFile, 'path' | 'sourceHash'>[],
): Map<string, ShownSummary> {
  const { id: kind, promptVersion } = SUMMARY_KINDS.file
  const shown = new Map<string, ShownSummary>()
  for (const { path, sourceHash } of files) {
    const found = store.summaries.find({ kind, sourceHash, promptVersion, model })
    if (found) shown.set(path, asShown(kind, found.body))
  }
  return shown
}

/** For each of these files, adds the latest summary that a model wrote, even if the file has changed since. Returns the files that have none. */
export function addEarlierSummaries(
  store: Store,
  paths: readonly RepoPath[],
  shown: Map<string, ShownSummary>,
): Set<string> {
  const missing = new Set<RepoPath>()
  for (const path of paths) {
    const latest = store.summaries.latest(path, 'file')
    if (latest && latest.model !== NO_MODEL) shown.set(path, asShown('file', latest.body))
    else missing.add(path)
  }
  return missing
}

export interface PlannedFolder {
  readonly subject: string
  readonly kind: 'module' | 'repository'
  readonly inputTokens: number
  readonly outputTokens: number
}

const MEMBER_TOKENS = 75 // name and note

/**
 * Folders whose summaries would be written, as far as can be predicted.
 *
 * folders: members first (folderTree). planned: files whose summaries will be written. project: as shown for the repository's summary.
 */
export function planFolders(
  store: Store,
  model: string,
  folders: readonly Folder[],
  files: readonly PlanFile[],
  planned: readonly PlannedFile[],
  project: string,
): PlannedFolder[] {
  const known = fileSummaries(store, model, files)
  const open = new Set<string>(planned.flatMap(({ paths }) => paths))
  const coming: PlannedFolder[] = []
  for (const folder of folders) {
    const { subject } = folder
    const kind = isRoot(folder) ? 'repository' : 'module'
    const members = summarisedMembers(folder, known)
    const unwritten = folder.members.filter((member) => open.has(member.subject)).length
    if (members.length + unwritten < leastMembers(folder)) {
      if (unwritten > 0) open.add(subject)
      else if (members[0]) known.set(subject, members[0])
      continue
    }
    const hash = membersHash(members, [isRoot(folder) ? project : ''])
    const found = unwritten === 0 ? findFolderNote(store, model, kind, hash) : null
    if (found) known.set(subject, asShown(kind, found.body, hash.said))
    else if (unwritten > 0 || !isRejected(store, model, kind, hash)) {
      open.add(subject)
      const inputTokens = PROMPT_TOKENS[kind] + Math.min(6000, MEMBER_TOKENS * (members.length + unwritten))
      coming.push({ subject, kind, inputTokens, outputTokens: USUAL_OUTPUT })
    }
  }
  return coming
}

/** Members of a folder that have a summary. */
export function summarisedMembers(
  folder: Folder,
  shown: ReadonlyMap<string, ShownSummary>,
): (ShownSummary & { readonly name: string })[] {
  return folder.members.flatMap(({ name, subject }) => {
    const said = shown.get(subject)
    return said ? [{ name, ...said }] : []
  })
}

/** The summary of a folder with one member would only repeat that of the member. */
export function leastMembers(folder: Folder): number {
  return isRoot(folder) ? 1 : 2
}
