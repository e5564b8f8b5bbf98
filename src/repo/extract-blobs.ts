import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noSpace } from '../errors.ts'
import { GitError, git, onePath } from './git.ts'

// What git would do to a content on its way into a working tree must not happen here: the bytes are wanted as they are.
const AS_IT_IS = ['-c', 'core.autocrlf=false', '-c', 'core.eol=lf', '-c', 'core.attributesFile=/dev/null']
const NO_ATTRIBUTES = { GIT_ATTR_NOSYSTEM: '1' }

/**
 * Writes contents from the object database into a folder, each as a file named by its id. Nothing is checked out.
 *
 * Contents above maxBytes, and those that the repository lacks (partial clones), are passed over.
 * No filter, attribute, hook or monitor of the repository takes part. Returns the ids written. Four git processes, however many contents. Throws UserError when there is no space, and the signal's reason when aborted, and git ends with it.
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
  const bare = await mkdtemp(join(folder, 'git-'))
  try {
    await makeRepository(bare, wanted[0]!.length)
    await writeAll(
      root,
      wanted,
      folder,
      { ...env, ...NO_ATTRIBUTES, GIT_DIR: bare, ...(await objectsOf(root)) },
      signal,
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw noSpace('on the disk', error)
    const largest = Math.max(...known.map(([, size]) => Number(size)))
    if (error instanceof GitError && /unable to write/.test(error.stderr) && (await isFull(folder, largest)))
      throw noSpace('on the disk', error)
    throw error
  } finally {
    await rm(bare, { recursive: true, force: true })
  }
  return wanted
}

/** A repository of our own, to read the user's objects with: it has no attributes, filters, hooks and monitors, which in a copied repository may be anyone's. */
async function makeRepository(folder: string, idLength: number): Promise<void> {
  await mkdir(join(folder, 'refs'))
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n')
  const config = idLength === 64 ? '[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha256\n' : ''
  await writeFile(join(folder, 'config'), config)
}

async function objectsOf(root: string): Promise<{ readonly GIT_OBJECT_DIRECTORY: string }> {
  const path = await git(root, ['rev-parse', '--path-format=absolute', '--git-path', 'objects'])
  return { GIT_OBJECT_DIRECTORY: onePath(path) }
}

async function writeAll(
  root: string,
  wanted: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> & { readonly GIT_INDEX_FILE: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  // a split index would leave its half in the repository's own folder
  const aside = ['-c', 'core.splitIndex=false']
  await git(root, [...aside, 'update-index', '--index-info'], {
    env,
    signal,
    input: wanted.map((blob) => `100644 ${blob}\t${blob}\n`).join(''),
  })
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
