import { realpath } from 'node:fs/promises'
import { shownPath } from '../paths.ts'
import { type Aside, blockingInParts } from '../processes/blocking.ts'
import { breather } from '../processes/breathe.ts'
import type { Edit } from '../types.ts'
import { addImport } from './add-import.ts'
import { changeSymbol } from './change-symbol.ts'
import { cutProblem } from './cut-line.ts'
import type { EditTools } from './edit-tools.ts'
import { clashOf, type EditedFile, readEditedFile, setGone, setText } from './edited-file.ts'
import type { Permission } from './permission.ts'
import { renameFile } from './rename-file.ts'
import { replaceText } from './replace-text.ts'
import { safePath } from './safe-path.ts'
import { Seals } from './seals.ts'
import { shownTools } from './shown-tools.ts'
import { similarFiles } from './similar-files.ts'

/** edit: position in the batch. path: as in the edit. message: for a model, which should send a better edit. */
export interface EditProblem {
  readonly edit: number
  readonly path: string
  readonly message: string
  /** The parser rejects the new text: it is wrong, or newer than the grammar. */
  readonly isSyntax?: true
  /** With isSyntax: the lines of the new text around the first error, with their numbers. */
  readonly around?: string
  /** The path is protected: the model should not send another edit. */
  readonly isProtected?: true
}

export interface EditPlan {
  readonly files: readonly EditedFile[]
  readonly problems: readonly EditProblem[]
}

const MOST_PROBLEMS = 30

/** After this time no further edit of a batch is planned, and after as much again the syntax of no further file is checked. */
export const MOST_MS = 20_000
export const TOO_LONG = `the edits take more than ${MOST_MS / 1000} s: send fewer, with shorter texts`
const MOST_WRITTEN = 20_000_000 // characters of a run: a hundred edits could each make a file of two million
const TOO_MUCH = `with this edit more than ${MOST_WRITTEN / 1e6} million characters are written: change less`

/**
 * Computes a batch of edits in memory, in order; each edit sees the results of those before it. Writes nothing. Collects at most thirty
 * problems: after one, the batch continues without that edit. Throws if the signal is aborted. After 20 seconds it stops with a problem.
 */
export function planEdits(root: string, edits: readonly Edit[], tools: EditTools): Promise<EditPlan> {
  return blockingInParts((aside) => plan(root, edits, parsingAside(tools, aside)))
}

/** Puts the waits for parsers aside, since these are child processes. */
function parsingAside(tools: EditTools, aside: Aside): EditTools {
  const { importsOf } = tools
  return {
    ...tools,
    symbolsOf: (path, text) => aside(() => tools.symbolsOf(path, text)),
    syntaxErrors: (path, text) => aside(() => tools.syntaxErrors(path, text)),
    ...(importsOf && { importsOf: (path, text) => aside(() => importsOf(path, text)) }),
  }
}

async function plan(root: string, edits: readonly Edit[], tools: EditTools): Promise<EditPlan> {
  const realRoot = await realpath(root)
  const files = new Map<string, EditedFile>()
  const problems: EditProblem[] = []
  const breathe = breather(tools.signal)
  const latest = performance.now() + MOST_MS
  let tooMuch: string | null = null
  const fileAt = async (path: string): Promise<EditedFile | Refusal> => {
    const place = await safePath(realRoot, path)
    if ('problem' in place) return { message: place.problem }
    const refused = tools.permission.refuse(place.path) ?? tools.permission.refuse(place.real)
    if (refused) return { message: refused, isProtected: true }
    const unwanted = tools.allow?.(place.path)
    if (unwanted) return { message: unwanted }
    if (place.file && place.file.bytes > (tools.maxFileBytes ?? Number.POSITIVE_INFINITY))
      return {
        message: `${shownPath(place.path)} has ${place.file.bytes} bytes: a file of more than ${tools.maxFileBytes} is not edited`,
      }
    const known = files.get(place.absolute)
    if (known) return known
    const file = await readEditedFile(place)
    if (!(await sealSecrets(file, edits, tools))) return { message: `${shownPath(place.path)} ${UNSEALED}` }
    files.set(place.absolute, file)
    return file
  }
  for (const [index, edit] of edits.entries()) {
    await breathe()
    const touched: EditedFile[] = []
    let problem: (Refusal & { readonly path: string }) | null = null
    for (const path of edit.kind === 'rename' ? [edit.path, edit.to] : [edit.path]) {
      const file = await fileAt(path)
      if ('absolute' in file) touched.push(file)
      else problem ??= { path, ...file }
    }
    if (!problem) {
      const message = await planEdit(realRoot, touched as [EditedFile, EditedFile?], edit, [...files.values()], tools)
      tooMuch =
        performance.now() > latest
          ? TOO_LONG
          : writtenIn(files) + (ofRun.get(tools.permission) ?? 0) > MOST_WRITTEN
            ? TOO_MUCH
            : null
      if (tooMuch) problem = { path: edit.path, message: tooMuch }
      else if (message === null) for (const file of touched) file.lastEdit = index
      else problem = { path: edit.path, message: message + followsFrom(touched) }
    }
    if (!problem) continue
    problems.push({ edit: index, ...problem })
    for (const file of touched) file.failedEdit ??= index
    if (problems.length === MOST_PROBLEMS || tooMuch) break // explaining each problem takes time; the rest is tried with the corrected edits
  }
  return { files: [...files.values()], problems }
}

const UNSEALED = 'holds too many secrets, or too many characters of the private use area: it is not edited'

/** Replaces the secrets in a file's text by signs. Returns false if that cannot be done. */
async function sealSecrets(file: EditedFile, edits: readonly Edit[], { secrets }: EditTools): Promise<boolean> {
  if (!secrets || file.text === null) return true
  const found = await secrets.secretsIn(file.path, file.text)
  if (found.length === 0) return true
  const sealed = Seals.of(file.text, found, [JSON.stringify(edits)])
  if (sealed) Object.assign(file, { seals: sealed.seals, text: sealed.text, before: sealed.text })
  return sealed !== null
}

type Refusal = Pick<EditProblem, 'message' | 'isProtected'>

function followsFrom(touched: readonly EditedFile[]): string {
  const failed = touched.find((file) => file.failedEdit !== null)
  return failed ? ` (this may follow from the problem with edit ${failed.failedEdit})` : ''
}

const ofRun = new WeakMap<Permission, number>()

/** Counts the characters of files that a run has written. permission: of the run. */
export function noteWritten(permission: Permission, characters: number): void {
  ofRun.set(permission, (ofRun.get(permission) ?? 0) + characters)
}

/** Characters of the files that a batch changes so far. */
function writtenIn(files: ReadonlyMap<string, EditedFile>): number {
  let sum = 0
  for (const { text, before } of files.values()) if (text !== before) sum += text?.length ?? 0
  return sum
}

const MOST_OF_EDIT = 200_000 // characters: no honest edit is so long, and some edits are compared with the whole file

function lengthOf(edit: Edit): number {
  if (edit.kind === 'replace') return edit.find.length + edit.replacement.length
  return 'text' in edit ? edit.text.length : 0
}

/** Changes the file (for a rename, both) and returns null; or changes nothing and returns the problem. */
async function planEdit(
  root: string,
  [file, target]: readonly [EditedFile, EditedFile?],
  edit: Edit,
  files: readonly EditedFile[],
  tools: EditTools,
): Promise<string | null> {
  const path = shownPath(file.path)
  if (lengthOf(edit) > MOST_OF_EDIT)
    return `an edit has more than ${MOST_OF_EDIT} characters: make it smaller, or split it`
  if (edit.kind === 'create') {
    if (file.exists) return `${path} exists already: use a replace edit, or delete it first in the same batch`
    return clashOf(file, files) ?? cutProblem(edit.text, null) ?? setText(file, edit.text)
  }
  if (!file.exists) {
    if (file.movedTo) return `${path} was renamed to ${shownPath(file.movedTo)} by an earlier edit of this batch`
    if (file.original) return `${path} was deleted by an earlier edit of this batch`
    const similar = await similarFiles(root, path)
    return `${path} does not exist${similar.length > 0 ? `; did you mean ${similar.map(shownPath).join(' or ')}?` : ''}`
  }
  if (edit.kind === 'delete') return setGone(file)
  if (edit.kind === 'rename') return renameFile(file, target!, files)
  if (file.text === null) return `${path} is not UTF-8 text`
  const visible = shownTools(file, tools)
  if (edit.kind === 'replace') return replaceText(file, file.text, edit, visible)
  const cut = cutProblem(edit.text, file.text)
  if (cut) return cut
  return edit.kind === 'import'
    ? addImport(file, file.text, edit.text, visible)
    : changeSymbol(file, file.text, edit, visible)
}
