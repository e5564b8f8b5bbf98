import type { Changes, Edit, Lines, RepoPath } from '../types.ts'
import type { EditTools } from './edit-tools.ts'
import { bytesOf, type EditedFile } from './edited-file.ts'
import { type EditProblem, MOST_MS, noteWritten, planEdits, TOO_LONG } from './plan-edits.ts'
import { shownTools } from './shown-tools.ts'
import { type FileWrite, writeFiles } from './write-files.ts'

export type { EditTools } from './edit-tools.ts'

export type EditOutcome =
  | ({ readonly ok: true } & Changes)
  /** Nothing was written. All problems of the batch, in the order of the edits. */
  | { readonly ok: false; readonly problems: readonly EditProblem[] }

const ERRORS_SHOWN = 3
const LINE_WIDTH = 200
const AROUND = 5 // lines: a bracket is often missing some lines before it is missed

/**
 * Applies a batch of edits to the files below `root`: all of them or none.
 *
 * Everything is computed and checked in memory first. A batch that adds syntax errors to a file is refused too. Line endings, byte order
 * mark, final newline and mode of a file are kept. Files that the batch does not change are neither written nor listed. Lists are sorted by
 * path; a renamed file is deleted under its old path and created under the new one. Problems that a model can fix are returned; an I/O
 * error is thrown after every file was restored.
 */
export async function applyEdits(root: string, edits: readonly Edit[], tools: EditTools): Promise<EditOutcome> {
  const { files, problems } = await planEdits(root, edits, tools)
  const all = [...problems]
  const latest = performance.now() + MOST_MS
  for (const file of files.filter((one) => one.failedEdit === null)) {
    if (performance.now() > latest) {
      all.push({ edit: file.lastEdit, path: file.path, message: TOO_LONG })
      break
    }
    const error = await newSyntaxError(file, tools)
    if (!error) continue
    const ofFile = [...edits.keys()].filter((edit) => edit === file.lastEdit || pathOf(edits[edit]!) === file.path)
    for (const edit of await causing(ofFile, { root, edits, tools, latest }))
      all.push({ edit, path: file.path, isSyntax: true, ...error })
  }
  if (all.length > 0) return { ok: false, problems: all.sort((a, b) => a.edit - b.edit) }

  const writes: (FileWrite & { readonly path: RepoPath })[] = files
    .map((file) => ({ ...file, bytes: bytesOf(file) }))
    .filter(isChanged)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  await writeFiles(writes)
  const written = new Set(writes.map(({ path }) => path))
  for (const { path, text } of files) if (written.has(path)) noteWritten(tools.permission, text?.length ?? 0)
  for (const { path, text, seals } of files)
    if (written.has(path) && text !== null) tools.secrets?.keep(path, seals.opened(text), seals.secretsIn(text))
  const pathsOf = (test: (write: FileWrite) => boolean) => writes.filter(test).map((write) => write.path)
  return {
    ok: true,
    modified: pathsOf((write) => write.original !== null && write.bytes !== null),
    created: pathsOf((write) => write.original === null),
    deleted: pathsOf((write) => write.bytes === null),
  }
}

const IN_PLACE: ReadonlySet<Edit['kind']> = new Set(['replace', 'symbol', 'import'])

function pathOf({ path }: Edit): string {
  return path.replace(/^\.\//, '')
}

/**
 * Those of the edits of a file that may have caused a syntax error: each adds one when applied alone, or cannot be applied alone. All of them
 * if none does, or if one is a rename, a delete or a new file.
 */
async function causing(
  ofFile: readonly number[],
  {
    root,
    edits,
    tools,
    latest,
  }: { readonly root: string; readonly edits: readonly Edit[]; readonly tools: EditTools; readonly latest: number },
): Promise<readonly number[]> {
  if (ofFile.length === 1 || !ofFile.every((edit) => IN_PLACE.has(edits[edit]!.kind))) return ofFile
  const faulty: number[] = []
  let isFound = false
  for (const edit of ofFile) {
    if (performance.now() > latest) return ofFile
    const { files, problems } = await planEdits(root, [edits[edit]!], tools)
    const isCause = problems.length === 0 && (await newSyntaxError(files[0]!, tools)) !== null
    isFound ||= isCause
    if (isCause || problems.length > 0) faulty.push(edit)
  }
  return isFound ? faulty : ofFile
}

function isChanged({ bytes, original, mode, originalMode }: FileWrite): boolean {
  if (bytes === null || original === null) return bytes !== original
  return !original.equals(bytes) || mode !== originalMode
}

async function newSyntaxError(
  file: EditedFile,
  own: EditTools,
): Promise<Pick<EditProblem, 'message' | 'around'> | null> {
  const { path, before, text, seals } = file
  if (text === null || text === before) return null
  const tools = shownTools(file, own)
  const now = await tools.syntaxErrors(path, text)
  if (now.length === 0) return null
  const then = before === null ? [] : await tools.syntaxErrors(path, before)
  if (now.length <= then.length) return null

  const lines = text.split(/\r?\n/)
  const lineOf = (error: Lines, of: readonly string[]) => of[error.first - 1]?.trim() ?? ''
  const oldLines = (before ?? '').split(/\r?\n/)
  const known = new Set(then.map((error) => lineOf(error, oldLines)))
  const fresh = now.filter((error) => !known.has(lineOf(error, lines)))
  const shown = (fresh.length > 0 ? fresh : now).slice(0, ERRORS_SHOWN)
  const visible = (await tools.visible?.(path, text)) ?? lines
  const places = shown.map(
    (error) => `line ${seals.openedLine(text, error.first)}: ${lineOf(error, visible).slice(0, LINE_WIDTH)}`,
  )
  const start = Math.max(0, shown[0]!.first - 1 - AROUND)
  const around = visible.slice(start, shown[0]!.first + AROUND)
  return {
    message: `the new text has a syntax error at ${places.join('\nand at ')}`,
    around: around
      .map((line, i) => `${seals.openedLine(text, start + i + 1)}: ${line.slice(0, LINE_WIDTH)}`)
      .join('\n'),
  }
}
