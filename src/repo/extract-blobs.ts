import { randomUUID } from 'node:crypto'
import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { noSpace } from '../errors.ts'
import { GitError, git } from './git.ts'

// What git would do to a content on its way into a working tree must not happen here: the bytes are wanted as they are.
const AS_IT_IS = ['-c', 'core.autocrlf=false', '-c', 'core.eol=lf', '-c', 'core.attributesFile=/dev/null']

/**
 * Writes contents from the object database into a folder, each as a file named by its id. Nothing is checked out.
 *
 * Contents above maxBytes, and those that the repository lacks (partial clones), are passed over.
 * Returns the ids written. Three git processes, however many contents. Throws UserError when there is no space, and the signal's reason when aborted, and git ends with it.
 */
export async function extractBlobs(
  root: string,
  blobs: readonly string[],
  folder: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<string[]> {
  if (blobs.length === 0) return []
  const env = { GIT_NO_LAZY_FETCH: '1', GIT_INDEX_FILE: join(folder, `index-${randomUUID()}`) }
  const sizes = await git(root, ['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    env,
    signal,
    input: `${blobs.join('\n')}\n`,
  })
  const known = sizes
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ') as [string, string])
    .filter(([, size]) => Number(size) <= maxBytes) // 'missing' is no number
  const wanted = known.map(([blob]) => blob)
  if (wanted.length === 0) return [] // and git would wait for an input that is never closed
  try {
    await writeAll(root, wanted, folder, env, signal)
  } catch (error) {
    const largest = Math.max(...known.map(([, size]) => Number(size)))
    if (error instanceof GitError && /unable to write/.test(error.stderr) && (await isFull(folder, largest)))
      throw noSpace('on the disk', error)
    throw error
  }
  return wanted
}

async function writeAll(
  root: string,
  wanted: readonly string[],
  folder: string,
  env: { readonly GIT_INDEX_FILE: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  // a split index would leave its half in the repository's own folder
  const aside = ['-c', 'core.splitIndex=false']
  await git(root, [...aside, 'update-index', '--index-info'], {
    env,
    signal,
    input: wanted.map((blob) => `100644 ${blob}\t${blob}\n`).join(''),
  })
  // with the folder for a working tree, no attribute file of the real one applies
  await git(root, [...AS_IT_IS, `--work-tree=${folder}`, 'checkout-index', '--all', '--force', '--quiet'], {
    env,
    signal,
  })
  await rm(env.GIT_INDEX_FILE, { force: true })
}

/** git does not say why it is 'unable to write': whether a file of so many bytes may have found no room. */
async function isFull(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize <= bytes + bsize
}
