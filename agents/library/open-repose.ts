import { join } from 'node:path'
import { readConfig } from '../../src/config/read-config.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { ServedRepo } from '../mcp/served-repo.ts'
import type { OpenOptions } from './options.ts'
import { Repose } from './repose.ts'
import { turnsOf } from './turns.ts'

/**
 * Opens the repository that holds a folder. Nothing is read of it before the first call. Throws NotARepository, NoCommits, and UserError for a
 * configuration that is wrong. Several repositories may be open at once.
 */
export async function openRepose(folder = '.', options: OpenOptions = {}): Promise<Repose> {
  const { db, model, llm, signal } = options
  signal?.throwIfAborted()
  const repo = await openRepo(folder)
  const { root, commonDir } = repo
  const flags = { ...(db === undefined ? {} : { db }), ...(model === undefined ? {} : { model }) }
  const config = await readConfig(root, flags)
  signal?.throwIfAborted()
  const database = config.db ?? join(commonDir, 'repose', 'repose.db')
  const turns = turnsOf(database)
  return new Repose(new ServedRepo(repo, flags, turns), { turns, database, ...(llm ? { llm } : {}) })
}
