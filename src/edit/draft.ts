import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import type { RepoPath } from '../types.ts'
import type { SafePath } from './safe-path.ts'

/** A file as a batch of edits leaves it, in memory. `text` and `before` are without byte order mark; null: there is none. */
export interface Draft {
  readonly path: RepoPath
  readonly absolute: string
  /** Content on disk when the batch began. */
  readonly original: Buffer | null
  /** Permission bits on disk. */
  readonly mode: number | null
  readonly bom: string
  readonly before: string | null
  text: string | null
  /** Whether there is a file. One that is not UTF-8 text exists without `text`. */
  exists: boolean
  /** Position of the last edit that changed it. */
  lastEdit: number
  /** Position of the first edit to it that failed. */
  failedEdit: number | null
}

const BOM = '\uFEFF'

export async function readDraft({ path, absolute, file }: SafePath): Promise<Draft> {
  const original = file && (await readFile(absolute))
  const whole = original && isText(original) ? original.toString('utf8') : null
  const bom = whole?.startsWith(BOM) ? BOM : ''
  const before = whole === null ? null : whole.slice(bom.length)
  const exists = original !== null
  const mode = file?.mode ?? null
  return { path, absolute, original, mode, bom, before, text: before, exists, lastEdit: -1, failedEdit: null }
}

/** The bytes that the draft is to have on disk; null: it is deleted, or never came to be. */
export function bytesOf({ exists, text, bom, original }: Draft): Buffer | null {
  if (!exists) return null
  return text === null ? original : Buffer.from(bom + text, 'utf8')
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0) // NUL: UTF-16 without a mark, or binary; git's rule too
}
