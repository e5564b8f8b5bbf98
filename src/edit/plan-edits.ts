import { realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import type { Edit, Lines, RepoPath } from '../types.ts'
import { closestPlace } from './closest-place.ts'
import { type Draft, readDraft } from './draft.ts'
import { editSymbol } from './edit-symbol.ts'
import { findText } from './find-text.ts'
import { safePath } from './safe-path.ts'
import { similarFiles } from './similar-files.ts'
import { similarNames } from './similar-names.ts'
import { lineNumberAt } from './text-lines.ts'

/** What editing needs from the parser, and from whoever decides what may be edited. Texts are without byte order mark. */
export interface EditTools {
  symbolsOf(path: RepoPath, text: string): Promise<readonly { readonly qualified: string; readonly lines: Lines }[]>
  syntaxErrors(path: RepoPath, text: string): Promise<readonly Lines[]>
  /** Why a path may not be edited, in words for the model; null: it may. */
  allow?(path: RepoPath): string | null
}

/** edit: position in the batch. path: as the edit gave it. message: for a model, which is to send a better edit. */
export interface EditProblem {
  readonly edit: number
  readonly path: string
  readonly message: string
}

export interface EditPlan {
  readonly drafts: readonly Draft[]
  readonly problems: readonly EditProblem[]
}

const NAMES_SHOWN = 40
const LINES_SHOWN = 10

/**
 * Works a batch of edits out in memory, in order; an edit sees what those before it made of the file. Writes nothing.
 * All problems are gathered: after one, the rest of the batch goes on without that edit.
 */
export async function planEdits(root: string, edits: readonly Edit[], tools: EditTools): Promise<EditPlan> {
  const realRoot = await realpath(root)
  const drafts = new Map<string, Draft>()
  const problems: EditProblem[] = []
  for (const [index, edit] of edits.entries()) {
    const place = await safePath(realRoot, edit.path)
    if ('problem' in place) {
      problems.push({ edit: index, path: edit.path, message: place.problem })
      continue
    }
    const refused = tools.allow?.(place.path)
    if (refused) {
      problems.push({ edit: index, path: edit.path, message: refused })
      continue
    }
    const draft = drafts.get(place.absolute) ?? (await readDraft(place))
    drafts.set(place.absolute, draft)
    const message = await planEdit(realRoot, draft, edit, [...drafts.values()], tools)
    if (message === null) draft.lastEdit = index
    else {
      const follows =
        draft.failedEdit === null ? '' : ` (this may follow from the problem with edit ${draft.failedEdit})`
      problems.push({ edit: index, path: edit.path, message: message + follows })
      draft.failedEdit ??= index
    }
  }
  return { drafts: [...drafts.values()], problems }
}

/** Changes the draft and returns null, or returns what is wrong and leaves it. */
async function planEdit(
  root: string,
  draft: Draft,
  edit: Edit,
  drafts: readonly Draft[],
  tools: EditTools,
): Promise<string | null> {
  const { path } = draft
  if (edit.kind === 'create') {
    if (draft.exists) return `${path} exists already: use a replace edit, or delete it first in the same batch`
    const clash = drafts.find((one) => one.exists && isBelow(one.absolute, draft.absolute))
    if (clash) return `${path} and ${clash.path} cannot both be files: one is a folder of the other`
    return setText(draft, edit.text)
  }
  if (!draft.exists) {
    if (draft.original) return `${path} was deleted by an earlier edit of this batch`
    const similar = await similarFiles(root, path)
    return `${path} does not exist${similar.length > 0 ? `; did you mean ${similar.join(' or ')}?` : ''}`
  }
  if (edit.kind === 'delete') {
    draft.exists = false
    draft.text = null
    return null
  }
  if (draft.text === null) return `${path} is not UTF-8 text`
  return edit.kind === 'replace' ? replace(draft, draft.text, edit) : changeSymbol(draft, draft.text, edit, tools)
}

function isBelow(one: string, other: string): boolean {
  return one.startsWith(other + sep) || other.startsWith(one + sep)
}

function setText(draft: Draft, text: string): string | null {
  if (text.includes('\0')) return 'the new text holds a NUL character'
  if (/\p{Surrogate}/u.test(text)) return 'the new text holds half of a surrogate pair, which UTF-8 cannot express'
  draft.text = text
  draft.exists = true
  return null
}

function replace(draft: Draft, text: string, edit: Extract<Edit, { kind: 'replace' }>): string | null {
  if (edit.find === '') return 'find is empty: give the text to replace, or use a create edit for a new file'
  if (edit.find === edit.replacement) return 'find and replacement are the same: nothing would change'
  const places = findText(text, edit.find, edit.replacement)
  const [place] = places
  if (!place) {
    const closest = closestPlace(text, edit.find)
    const hint = closest
      ? `; the closest place is ${nameLines(closest.lines)}:\n${closest.text}`
      : ', nor anything like it'
    return `find text does not occur in ${draft.path}${hint}`
  }
  if (places.length > 1) {
    const numbers = places.slice(0, LINES_SHOWN).map((one) => lineNumberAt(text, one.start))
    const more = places.length > LINES_SHOWN ? ', ...' : ''
    return `find text occurs ${places.length} times in ${draft.path} (lines ${numbers.join(', ')}${more}): add surrounding lines to make it unique`
  }
  const result = text.slice(0, place.start) + place.replacement + text.slice(place.end)
  return result === text ? 'the replacement is what stands there already: nothing would change' : setText(draft, result)
}

async function changeSymbol(
  draft: Draft,
  text: string,
  edit: Extract<Edit, { kind: 'symbol' }>,
  tools: EditTools,
): Promise<string | null> {
  if (edit.text.trim() === '')
    return 'the new text is empty: to remove a definition, replace its whole text by an empty one'
  const symbols = await tools.symbolsOf(draft.path, text)
  const symbol = symbols.find((one) => one.qualified === edit.symbol)
  if (!symbol) {
    if (symbols.length === 0) return `${draft.path} has no symbols that can be addressed: use a replace edit`
    const names = symbols.map((one) => one.qualified)
    const shown = names.length <= NAMES_SHOWN ? names : [...new Set([...similarNames(edit.symbol, names, 5), ...names])]
    const more = names.length > NAMES_SHOWN ? ', ...' : ''
    return `symbol '${edit.symbol}' is not in ${draft.path}; it has: ${shown.slice(0, NAMES_SHOWN).join(', ')}${more}`
  }
  const result = editSymbol(text, symbol.lines, edit.where, edit.text)
  return result === text ? 'the new text is what stands there already: nothing would change' : setText(draft, result)
}

function nameLines({ first, last }: Lines): string {
  return first === last ? `line ${first}` : `lines ${first}-${last}`
}
