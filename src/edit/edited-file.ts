import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { sep } from 'node:path'
import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import type { EditPlace } from './edit-tools.ts'
import { followLines, type Origins, originsOf } from './line-origins.ts'
import type { SafePath } from './safe-path.ts'
import { Seals } from './seals.ts'

/** A file in memory as a batch of edits leaves it. `text` and `before` are sealed, and have no byte order mark; null: no text. */
export interface EditedFile {
  readonly path: RepoPath
  readonly absolute: string
  /** Content on disk when the batch began. */
  readonly original: Buffer | null
  /** Permission bits on disk. */
  readonly originalMode: number | null
  /** Permission bits to write; null: those of any new file. */
  mode: number | null
  bom: string
  /** What stands for the secrets in `text` and `before`. */
  seals: Seals
  /** The text when the batch began; for a renamed file, that of the old path. */
  before: string | null
  text: string | null
  /** Maps lines of `text` to lines of `before`; null: the texts are equal, or share no line. */
  origins: Origins | null
  /** The definitions in `before`; null until they were needed. */
  placesBefore: readonly EditPlace[] | null
  /** Content that is not UTF-8 text. */
  raw: Buffer | null
  /** Whether the file exists. A file that is not UTF-8 text exists without `text`. */
  exists: boolean
  /** New path after a rename in this batch; null: none, or another file was put at this path. */
  movedTo: RepoPath | null
  /** Position of the last edit that changed it. */
  lastEdit: number
  /** Position of the first failed edit to it. */
  failedEdit: number | null
}

const BOM = '\uFEFF'

export async function readEditedFile({ path, absolute, file: stats }: SafePath): Promise<EditedFile> {
  const original = stats && (await readFile(absolute))
  const whole = original && isText(original) ? original.toString('utf8') : null
  const bom = whole?.startsWith(BOM) ? BOM : ''
  const before = whole === null ? null : whole.slice(bom.length)
  const exists = original !== null
  const mode = stats?.mode ?? null
  const raw = whole === null ? original : null
  const onDisk = { path, absolute, original, originalMode: mode }
  const fresh = { seals: Seals.none, origins: null, placesBefore: null, movedTo: null, lastEdit: -1, failedEdit: null }
  return { ...onDisk, ...fresh, mode, bom, before, text: before, raw, exists }
}

/** The bytes to write; null: the file is deleted, or was never created. */
export function bytesOf({ exists, text, bom, raw, seals }: EditedFile): Buffer | null {
  if (!exists) return null
  return text === null ? raw : Buffer.from(bom + seals.opened(text), 'utf8')
}

/** Sets a file's text. Returns null, or why no file can contain it. */
export function setText(file: EditedFile, text: string): string | null {
  if (text.includes('\0')) return 'the new text holds a NUL character'
  if (/\p{Surrogate}/u.test(text)) return 'the new text holds half of a surrogate pair, which UTF-8 cannot express'
  file.origins =
    file.text === null || file.before === null
      ? null
      : followLines(file.origins ?? originsOf(file.text), file.text, text)
  file.text = text
  file.exists = true
  return null
}

export function setGone(file: EditedFile): null {
  Object.assign(file, { exists: false, text: null, raw: null, movedTo: null })
  return null
}

/** Why no file can exist at the file's path: another file is one of its folders, or lies inside it. null: it can. */
export function clashOf({ path, absolute }: EditedFile, files: readonly EditedFile[]): string | null {
  const clash = files.find(
    (one) => one.exists && (one.absolute.startsWith(absolute + sep) || absolute.startsWith(one.absolute + sep)),
  )
  return clash
    ? `${shownPath(path)} and ${shownPath(clash.path)} cannot both be files: one is a folder of the other`
    : null
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0) // NUL: UTF-16 without a byte order mark, or binary; the same rule as git's
}
