import type { Store } from '../../src/store/open-store.ts'
import type { Folder } from '../../src/summary/folder-tree.ts'
import { renderSummary, type SummaryKindId, SUMMARY_KINDS } from '../../src/summary/kinds/index.ts'
import { hashOf, membersSourceHash } from '../../src/summary/source-hash.ts'
import { PROMPT_TOKENS, type PlanFile, type PlannedFile } from './plan.ts'
import { USUAL_OUTPUT } from './pass-budget.ts'

/** What is said of a file or folder, as the folder above is shown it. */
export interface Told {
  readonly text: string
  /** Changes with what is said, not with names. */
  readonly key: string
}

export function toldOf(kind: SummaryKindId, body: unknown, sourceHash: string): Told {
  const text = renderSummary(kind, body) ?? ''
  return { text, key: kind === 'file' ? hashOf([text]) : sourceHash }
}

export function isRoot(folder: Folder): boolean {
  return folder.subject === '.'
}

/** What the model has said of files, by path. Files without a summary of its are missing. A look-up a file. */
export function toldFiles(store: Store, model: string, files: readonly Pick<PlanFile, 'path' | 'sourceHash'>[]): Map<string, Told> {
  const { id: kind, promptVersion } = SUMMARY_KINDS.file
  const told = new Map<string, Told>()
  for (const { path, sourceHash } of files) {
    const found = store.summaries.find({ kind, sourceHash, promptVersion, model })
    if (found) told.set(path, toldOf(kind, found.body, sourceHash))
  }
  return told
}

export interface PlannedFolder {
  readonly subject: string
  readonly kind: 'module' | 'repository'
  readonly inputTokens: number
  readonly outputTokens: number
}

const MEMBER_TOKENS = 75 // name and note

/**
 * Folders whose summaries would be written, as far as can be said beforehand.
 *
 * folders: members first (folderTree). planned: those of the files that will be written of. project: as the repository's
 * summary is shown it.
 */
export function planFolders(
  store: Store,
  model: string,
  folders: readonly Folder[],
  files: readonly PlanFile[],
  planned: readonly PlannedFile[],
  project: string,
): PlannedFolder[] {
  const known = toldFiles(store, model, files)
  const open = new Set<string>(planned.flatMap(({ paths }) => paths))
  const coming: PlannedFolder[] = []
  for (const folder of folders) {
    const { subject } = folder
    const kind = isRoot(folder) ? 'repository' : 'module'
    const members = toldMembers(folder, known)
    const unwritten = folder.members.filter((member) => open.has(member.subject)).length
    if (members.length + unwritten < leastMembers(folder)) {
      if (unwritten > 0) open.add(subject)
      else if (members[0]) known.set(subject, members[0])
      continue
    }
    const { promptVersion } = SUMMARY_KINDS[kind]
    const { hash } = membersSourceHash(members, [isRoot(folder) ? project : ''])
    const found = unwritten === 0 ? store.summaries.find({ kind, sourceHash: hash, promptVersion, model }) : null
    if (found) known.set(subject, toldOf(kind, found.body, hash))
    else {
      open.add(subject)
      const inputTokens = PROMPT_TOKENS + Math.min(6000, MEMBER_TOKENS * (members.length + unwritten))
      coming.push({ subject, kind, inputTokens, outputTokens: USUAL_OUTPUT })
    }
  }
  return coming
}

/** Members of a folder of which something is said. */
export function toldMembers(folder: Folder, told: ReadonlyMap<string, Told>): (Told & { readonly name: string })[] {
  return folder.members.flatMap(({ name, subject }) => {
    const said = told.get(subject)
    return said ? [{ name, ...said }] : []
  })
}

/** Of a folder with one member there is no more to say than of that member. */
export function leastMembers(folder: Folder): number {
  return isRoot(folder) ? 1 : 2
}
