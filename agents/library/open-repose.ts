import { openRepo } from '../../src/repo/open-repo.ts'
import { openServed } from '../served/served-repo.ts'
import type { OpenOptions } from './options.ts'
import { Repose } from './repose.ts'

/**
 * Opens the repository that holds a folder. Nothing is read of it before the first call. Throws NotARepository, NoCommits, and UserError for a
 * configuration that is wrong. Several repositories may be open at once.
 */
export async function openRepose(folder = '.', options: OpenOptions = {}): Promise<Repose> {
  const { db, model, llm, signal } = options
  signal?.throwIfAborted()
  const repo = await openRepo(folder)
  const flags = { ...(db === undefined ? {} : { db }), ...(model === undefined ? {} : { model }) }
  const served = await openServed(repo, flags)
  signal?.throwIfAborted()
  return new Repose(served, llm)
}
