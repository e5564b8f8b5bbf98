import { realpath } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { shownPath } from '../paths.ts'
import type { Edit } from '../types.ts'
import { addImport } from './add-import.ts'
import { changeSymbol } from './change-symbol.ts'
import { cutProblem } from './cut-line.ts'
import { clashOf, type Draft, readDraft, setGone, setText } from './draft.ts'
import type { EditTools } from './edit-tools.ts'
import { renameDraft } from './rename-draft.ts'
import { replaceText } from './replace-text.ts'
import { safePath } from './safe-path.ts'
import { similarFiles } from './similar-files.ts'

/** edit: position in the batch. path: as in the edit. message: for a model, which should send a better edit. */
export interface EditProblem {
  readonly edit: number
  readonly path: string
  readonly message: string
  /** The parser rejects the new text: it is wrong, or newer than the grammar. */
  readonly isSyntax?: true
  /** The path is protected: the model should not send another edit. */
  readonly isProtected?: true
}

export interface EditPlan {
  readonly drafts: readonly Draft[]
  readonly problems: readonly EditProblem[]
}

const MOST_PROBLEMS = 30

/**
 * Computes a batch of edits in memory, in order; each edit sees the results of those before it. Writes nothing. Collects at most thirty
 * problems: after one, the batch continues without that edit.
 */
export async function planEdits(root: string, edits: readonly Edit[], tools: EditTools): Promise<EditPlan> {
  const realRoot = await realpath(root)
  const drafts = new Map<string, Draft>()
  const problems: EditProblem[] = []
  const draftOf = async (path: string): Promise<Draft | Refusal> => {
    const place = await safePath(realRoot, path)
    if ('problem' in place) return { message: place.problem }
    const behindLinks = relative(realRoot, place.absolute).split(sep).join('/')
    const refused = tools.permission.refuse(place.path) ?? tools.permission.refuse(behindLinks)
    if (refused) return { message: refused, isProtected: true }
    const unwanted = tools.allow?.(place.path)
    if (unwanted) return { message: unwanted }
    if (place.file && place.file.bytes > (tools.maxFileBytes ?? Number.POSITIVE_INFINITY))
      return {
        message: `${shownPath(place.path)} has ${place.file.bytes} bytes: a file of more than ${tools.maxFileBytes} is not edited`,
      }
    const draft = drafts.get(place.absolute) ?? (await readDraft(place))
    drafts.set(place.absolute, draft)
    return draft
  }
  for (const [index, edit] of edits.entries()) {
    const touched: Draft[] = []
    let problem: (Refusal & { readonly path: string }) | null = null
    for (const path of edit.kind === 'rename' ? [edit.path, edit.to] : [edit.path]) {
      const draft = await draftOf(path)
      if ('absolute' in draft) touched.push(draft)
      else problem ??= { path, ...draft }
    }
    if (!problem) {
      const message = await planEdit(realRoot, touched as [Draft, Draft?], edit, [...drafts.values()], tools)
      if (message === null) for (const draft of touched) draft.lastEdit = index
      else problem = { path: edit.path, message: message + followsFrom(touched) }
    }
    if (!problem) continue
    problems.push({ edit: index, ...problem })
    for (const draft of touched) draft.failedEdit ??= index
    if (problems.length === MOST_PROBLEMS) break // explaining each problem takes time; the rest is tried with the corrected edits
  }
  return { drafts: [...drafts.values()], problems }
}

type Refusal = Pick<EditProblem, 'message' | 'isProtected'>

function followsFrom(touched: readonly Draft[]): string {
  const failed = touched.find((draft) => draft.failedEdit !== null)
  return failed ? ` (this may follow from the problem with edit ${failed.failedEdit})` : ''
}

/** Changes the draft (for a rename, both) and returns null; or changes nothing and returns the problem. */
async function planEdit(
  root: string,
  [draft, target]: readonly [Draft, Draft?],
  edit: Edit,
  drafts: readonly Draft[],
  tools: EditTools,
): Promise<string | null> {
  const path = shownPath(draft.path)
  if (edit.kind === 'create') {
    if (draft.exists) return `${path} exists already: use a replace edit, or delete it first in the same batch`
    return clashOf(draft, drafts) ?? cutProblem(edit.text, null) ?? setText(draft, edit.text)
  }
  if (!draft.exists) {
    if (draft.movedTo) return `${path} was renamed to ${shownPath(draft.movedTo)} by an earlier edit of this batch`
    if (draft.original) return `${path} was deleted by an earlier edit of this batch`
    const similar = await similarFiles(root, path)
    return `${path} does not exist${similar.length > 0 ? `; did you mean ${similar.map(shownPath).join(' or ')}?` : ''}`
  }
  if (edit.kind === 'delete') return setGone(draft)
  if (edit.kind === 'rename') return renameDraft(draft, target!, drafts)
  if (draft.text === null) return `${path} is not UTF-8 text`
  if (edit.kind === 'replace') return replaceText(draft, draft.text, edit, tools)
  const cut = cutProblem(edit.text, draft.text)
  if (cut) return cut
  return edit.kind === 'import'
    ? addImport(draft, draft.text, edit.text, tools)
    : changeSymbol(draft, draft.text, edit, tools)
}
