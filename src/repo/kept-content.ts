import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Standing } from './put-back.ts'
import type { KeptContent, KeptFile } from './results.ts'

/** The content at a path, in the form that is stored. */
export function keptContent({ content, mode }: Standing): KeptContent | null {
  return content && { kind: content.kind, base64: content.bytes.toString('base64'), mode }
}

/** The earlier content at the path of a kept file. */
export function standingBefore(root: string, { path, before }: KeptFile): Standing {
  const content = before && { kind: before.kind, bytes: Buffer.from(before.base64, 'base64') }
  return { root, path, absolute: join(root, path), content, mode: (before?.mode ?? 0) & 0o777 }
}

/** A digest to compare the content at a path at two times; for a file it includes the executable bit. null: nothing there. */
export function digestOf({ content, mode }: Standing): string | null {
  if (!content) return null
  const kind = content.kind === 'link' ? 'link' : (mode & 0o100) !== 0 ? 'program' : 'file'
  return createHash('sha256').update(`${kind}\n`).update(content.bytes).digest('hex')
}
