import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { git, onePath } from './git.ts'

/**
 * The environment in which git writes objects to a folder in `scratch`, one of our own folders, and still reads those of the repository.
 */
export async function objectsAside(root: string, scratch: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(scratch, 'objects')
  await mkdir(folder, { recursive: true })
  const objects = onePath(await git(root, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']))
  return {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects), // quoted: a path may hold the colon that separates paths
  }
}
