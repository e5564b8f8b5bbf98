import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { commonDirOf } from './git-dir-of.ts'

/**
 * The environment in which git writes objects to a folder in `scratch`, one of our own folders, and still reads those of the repository.
 */
export async function objectsAside(root: string, scratch: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(scratch, 'objects')
  await mkdir(folder, { recursive: true })
  return {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(commonDirOf(root), 'objects')), // quoted: a path may hold the colon that separates paths
  }
}
