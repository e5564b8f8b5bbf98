import { join } from 'node:path'
import { blobId } from '../../src/files/blob-id.ts'
import { readSource } from '../../src/parse/read-source.ts'
import { hashFiles } from '../../src/repo/list-files.ts'
import type { RepoPath } from '../../src/types.ts'

/** Text of a file of the working tree if it still has the content `blob`; null if it has changed or vanished. */
export async function fileText(root: string, path: RepoPath, blob: string): Promise<string | null> {
  const read = readSource(join(root, path), Number.POSITIVE_INFINITY, true)
  if (!('text' in read)) return null
  if (blobId(read.content, blob.length) === blob) return read.text
  // line endings or another filter differ between the file and git's copy: git has the content
  return (await hashFiles(root, [path])).get(path) === blob ? read.text : null
}
