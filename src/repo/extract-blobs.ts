import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noSpace } from '../errors.ts'
import { GitError, git } from './git.ts'
import { commonDirOf } from './git-dir-of.ts'

// git must not convert contents as it does for a working tree: the original bytes are needed.
const AS_IT_IS = ['-c', 'core.autocrlf=false', '-c', 'core.eol=lf', '-c', 'core.attributesFile=/dev/null']
const NO_ATTRIBUTES = { GIT_ATTR_NOSYSTEM: '1' }

/**
 * Writes contents from the object database into a folder, each as a file named by its id, without a checkout.
 *
 * Skips contents above maxBytes and those that a partial clone lacks. Uses no filter, attribute, hook or monitor of the repository. Returns
 * the written ids. Always three git processes. Throws UserError when there is no space, and the signal's reason when aborted; git is then
 * ended.
 */
export async function extractBlobs(
  root: string,
  blobs: readonly string[],
  folder: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<string[]> {
  if (blobs.length === 0) return []
  const env = { GIT_INDEX_FILE: join(folder, `index-${randomUUID()}`) }
  const sizes = await git(root, ['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    env,
    signal,
    input: `${blobs.join('\n')}\n`,
  })
  const known = sizes
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ') as [string, string])
    .filter(([, size]) => Number(size) <= maxBytes) // 'missing' is not a number
  const wanted = known.map(([blob]) => blob)
  if (wanted.length === 0) return [] // git would wait for input that is never closed
  const bare = await mkdtemp(join(folder, 'git-'))
  try {
    await makeRepository(bare, wanted[0]!.length)
    await writeAll(
      root,
      wanted,
      folder,
      { ...env, ...NO_ATTRIBUTES, GIT_DIR: bare, GIT_OBJECT_DIRECTORY: join(commonDirOf(root), 'objects') },
      signal,
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw noSpace('on the disk', error)
    const largest = known.reduce((most, [, size]) => Math.max(most, Number(size)), 0)
    if (error instanceof GitError && /unable to write/.test(error.stderr) && (await isFull(folder, largest)))
      throw noSpace('on the disk', error)
    throw error
  } finally {
    await rm(bare, { recursive: true, force: true })
  }
  return wanted
}

/**
 * A repository of our own that reads the user's objects. It has no attributes, filters, hooks or monitors, which in a copied repository
 * could come from anyone.
 */
async function makeRepository(folder: string, idLength: number): Promise<void> {
  await mkdir(join(folder, 'refs'))
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n')
  const config = idLength === 64 ? '[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha256\n' : ''
  await writeFile(join(folder, 'config'), config)
}

async function writeAll(
  root: string,
  wanted: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> & { readonly GIT_INDEX_FILE: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  // a split index would leave its second half in the repository's own folder
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

/** git does not say why it is 'unable to write'. This tests whether a file of that many bytes may have lacked space. */
async function isFull(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize <= bytes + bsize
}
