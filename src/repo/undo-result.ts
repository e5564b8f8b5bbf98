import { rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { uninterrupted } from '../processes/uninterrupted.ts'
import type { RepoPath } from '../types.ts'
import { isWithin } from './is-within.ts'
import { digestOf, standingBefore } from './kept-content.ts'
import { putBack, readStanding } from './put-back.ts'
import { type KeptResult, saveResult } from './results.ts'

export type UndoEnd =
  | { readonly status: 'undone'; readonly restored: readonly RepoPath[]; readonly deleted: readonly RepoPath[] }
  /** Nothing was changed. files: those that changed since the result was applied. */
  | { readonly status: 'changed'; readonly files: readonly RepoPath[] }

/** Undoes an applied result if its files did not change since: all of it, or nothing. isDry: nothing is written. */
export async function undoResult(root: string, result: KeptResult, isDry = false): Promise<UndoEnd> {
  const paths = result.files.map(({ path }) => path)
  const areWithin = await Promise.all(paths.map((path) => isWithin(root, path)))
  const outside = paths.filter((_, i) => !areWithin[i])
  if (outside.length > 0) return { status: 'changed', files: outside }
  const once = new Set(paths)
  if (once.size < paths.length) return { status: 'changed', files: [...once] } // a record that repose wrote names each path once
  const now = await readStanding(root, paths)
  const changed = result.files.filter(({ after }, i) => digestOf(now[i]!) !== after).map(({ path }) => path)
  if (changed.length > 0) return { status: 'changed', files: changed }

  const isNew = ({ before }: KeptResult['files'][number]) => before === null
  const deleted = result.files.filter(isNew).map(({ path }) => path)
  const restored = result.files.filter((file) => !isNew(file)).map(({ path }) => path)
  if (isDry) return { status: 'undone', restored, deleted }
  const before = result.files.map((file) => standingBefore(root, file))
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
