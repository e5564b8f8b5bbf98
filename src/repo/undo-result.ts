import { rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { uninterrupted } from '../processes/uninterrupted.ts'
import type { RepoPath } from '../types.ts'
import { isWithin } from './is-within.ts'
import { digestOf, standingBefore } from './kept-content.ts'
import { putBack, readStanding } from './put-back.ts'
import { type KeptFile, type KeptResult, saveResult } from './results.ts'

export type UndoEnd =
  | { readonly status: 'undone'; readonly restored: readonly RepoPath[]; readonly deleted: readonly RepoPath[] }
  /** Nothing was changed. files: those that changed since the result was applied. */
  | { readonly status: 'changed'; readonly files: readonly RepoPath[] }

/**
 * Undoes an applied result if its files did not change since: all of it, or nothing. A file that is already as before the
 * result (an earlier undo was killed) counts as unchanged. isDry: nothing is written.
 */
export async function undoResult(root: string, result: KeptResult, isDry = false): Promise<UndoEnd> {
  const refused = await notUndoable(root, result.files)
  if (refused.length > 0) return { status: 'changed', files: refused }
  const now = await readStanding(
    root,
    result.files.map(({ path }) => path),
  )
  const before = result.files.map((file) => standingBefore(root, file))
  const isAsBefore = (i: number) => digestOf(now[i]!) === digestOf(before[i]!)
  const changed = result.files
    .filter(({ after }, i) => digestOf(now[i]!) !== after && !isAsBefore(i))
    .map(({ path }) => path)
  if (changed.length > 0) return { status: 'changed', files: changed }

  const isNew = ({ before }: KeptResult['files'][number]) => before === null
  const deleted = result.files.filter(isNew).map(({ path }) => path)
  const restored = result.files.filter((file) => !isNew(file)).map(({ path }) => path)
  if (isDry) return { status: 'undone', restored, deleted }
  return uninterrupted(async () => {
    await putBack(before, null).catch(async (cause: unknown) => {
      await putBack(now, cause)
      throw new UserError(
        'some of the files cannot be written, so all stay as they are',
        'check the permissions of them and of their folders, and whether there is space',
        { exitCode: 1, cause },
      )
    })
    for (const path of deleted) await removeEmptyFolders(root, dirname(path))
    await saveResult({ ...result, state: 'undone' })
    return { status: 'undone', restored, deleted }
  })
}

/**
 * Paths of a record that are not taken back, whatever is there: those outside the repository or below a link, those that the record names
 * twice (repose writes each once), and those below a path that would become a link.
 */
export async function notUndoable(root: string, files: readonly KeptFile[]): Promise<readonly RepoPath[]> {
  const paths = files.map(({ path }) => path)
  const areWithin = await Promise.all(paths.map((path) => isWithin(root, path)))
  const links = files.filter(({ before }) => before?.kind === 'link').map(({ path }) => `${path}/`)
  const isBelowOne = (path: RepoPath) => links.some((link) => path.startsWith(link))
  const seen = new Set<RepoPath>()
  const isAgain = (path: RepoPath) => seen.size === seen.add(path).size
  return paths.filter((path, i) => !areWithin[i] || isAgain(path) || isBelowOne(path))
}

/** Like git when it deletes the last file of a folder. */
async function removeEmptyFolders(root: string, folder: RepoPath): Promise<void> {
  for (let path = folder; path !== '.' && path !== ''; path = dirname(path))
    try {
      if (!(await isWithin(root, path))) return
      await rmdir(join(root, path))
    } catch {
      return // it is not empty
    }
}
