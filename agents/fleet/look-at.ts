import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../../src/errors.ts'
import type { FactName } from '../../src/fleet/fleet-repo.ts'
import type { ListedRepo } from '../../src/fleet/read-list.ts'
import { isSource } from '../../src/paths.ts'
import { asNamed } from '../../src/repo/as-named.ts'
import { git, onePath, splitNul } from '../../src/repo/git.ts'
import { hasCommits, recentWork } from '../../src/repo/recent-work.ts'
import { copyDb } from '../../src/store/db-copy.ts'
import { openStore } from '../../src/store/open-store.ts'

const MONTH_MS = 30 * 24 * 3600 * 1000

/**
 * Facts of a repository of a list: those that the list gives, else those of the clone that it names, which is not changed. Of an address only
 * the former are known. Throws UserError for a path without a repository.
 */
export async function lookAt({ name, facts }: ListedRepo, now: number): Promise<Partial<Record<FactName, number>>> {
  const folder = resolve(name)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return { ...(await ofClone(folder, name, now)), ...facts }
  if (/^(\/|\.\.?(\/|$)|~)/.test(name))
    throw new UserError(
      `there is no folder ${name}`,
      'name a clone by its path from here, or a repository by its address',
    )
  return facts
}

async function ofClone(folder: string, name: string, now: number): Promise<Record<FactName, number>> {
  if (!(await hasCommits(folder)))
    throw new UserError(`${name} is no repository with a commit`, 'name a clone by its path from here')
  const [{ commits }, pass] = await Promise.all([recentWork(folder, now - MONTH_MS), lastPass(folder)])
  if (pass === null) return { commits, waiting: 0, stale: (await sourceFiles(folder)).length }
  const { files } = await recentWork(folder, pass.at)
  return { commits, waiting: pass.waiting, stale: [...files].filter(isSource).length }
}

async function sourceFiles(folder: string): Promise<string[]> {
  return splitNul(await git(folder, ['ls-tree', '-r', '-z', '--name-only', 'HEAD'], { env: asNamed(folder) })).filter(
    isSource,
  )
}

/** When the last pass began, and what waits in the backlog; null: there was none. */
async function lastPass(folder: string): Promise<{ readonly at: number; readonly waiting: number } | null> {
  const commonDir = onePath(
    await git(folder, ['rev-parse', '--path-format=absolute', '--git-common-dir'], { env: asNamed(folder) }),
  )
  const db = join(commonDir, 'repose', 'repose.db')
  if (!existsSync(db)) return null
  const copy = await copyDb(db)
  try {
    const store = openStore(copy.path)
    try {
      const [last] = store.ledger.receipts(1)
      const waiting = store.backlog.list(['waiting', 'planned']).filter(({ isApproved }) => isApproved).length
      return last ? { at: last.startedAt, waiting } : null
    } finally {
      store.close()
    }
  } finally {
    copy.remove()
  }
}
