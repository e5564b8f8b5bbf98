import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readSource } from '../../src/parse/read-source.ts'
import { hashFiles } from '../../src/repo/list-files.ts'
import type { RepoPath } from '../../src/types.ts'

/** Text of a file of the working tree, if it still has the content `blob`; null if it changed or vanished since. */
export async function fileText(root: string, path: RepoPath, blob: string): Promise<string | null> {
  const read = readSource(join(root, path), Number.POSITIVE_INFINITY)
  if (!('text' in read)) return null
  if (blobId(read.content, blob.length) === blob) return read.text
  // line endings or another filter stand between the file and git's copy: git knows
  return (await hashFiles(root, [path])).get(path) === blob ? read.text : null
}

/** As git computes it: sha-1, or sha-256 where ids have 64 digits. */
function blobId(content: Buffer, digits: number): string {
  return createHash(digits === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex')
}
