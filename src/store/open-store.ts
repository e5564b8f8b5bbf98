import { type Backlog, backlogOf } from './backlog.ts'
import { type Backtests, backtestsOf } from './backtests.ts'
import { type BatchStore, batchesOf } from './batches.ts'
import { type Checks, checksOf } from './checks.ts'
import { cleanStore, scrub } from './clean-store.ts'
import { type Db, openDb } from './db.ts'
import { newerDatabase } from './db-errors.ts'
import { type Facts, factsOf } from './facts.ts'
import { type ForecastStore, forecastsOf } from './forecasts.ts'
import { type History, historyOf } from './history.ts'
import { type Ledger, ledgerOf } from './ledger.ts'
import { type Recipes, recipesOf } from './recipes.ts'
import { type FullText, searchOf, searchTables } from './search.ts'
import { type Summaries, summariesOf } from './summaries.ts'

export interface Store {
  readonly db: Db
  readonly facts: Facts
  readonly search: FullText
  readonly history: History
  readonly summaries: Summaries
  readonly ledger: Ledger
  readonly backtests: Backtests
  readonly recipes: Recipes
  readonly checks: Checks
  readonly backlog: Backlog
  readonly forecasts: ForecastStore
  readonly batches: BatchStore
  close(): void
}

/**
 * Opens the repository's database, and creates it if needed. path: usually `<git common dir>/repose/repose.db`. name: as for openDb().
 * Throws UserError.
 */
export function openStore(path: string, name = path): Store {
  const db = openDb(path, name)
  try {
    forgetOldFacts(db)
    db.pin()
  } catch (error) {
    db.close()
    throw error
  }
  return {
    db,
    facts: factsOf(db),
    search: searchOf(db),
    history: historyOf(db),
    summaries: summariesOf(db),
    ledger: ledgerOf(db),
    backtests: backtestsOf(db),
    recipes: recipesOf(db),
    checks: checksOf(db),
    backlog: backlogOf(db),
    forecasts: forecastsOf(db),
    batches: batchesOf(db),
    close: () => db.close(),
  }
}

/**
 * Raise it when the parsed facts change, or the kinds of paths (src/paths.ts), or the rules for secrets (src/secrets: the table and its
 * checks; packs do not search clean contents again). Facts of another version are read again; summaries stay.
 */
const FACTS_VERSION = 17
const WITHOUT_SECRETS = 13 // from this version on no secret is stored

function forgetOldFacts(db: Db): void {
  const version = () => db.value<number>('PRAGMA application_id')!
  const before = version()
  if (before === FACTS_VERSION) return
  const mayHoldSecrets = before < WITHOUT_SECRETS && db.get('SELECT 1 FROM worktree LIMIT 1') !== undefined
  if (mayHoldSecrets) db.exec('PRAGMA secure_delete = ON')
  db.transaction(() => {
    if (version() === FACTS_VERSION) return // another process was here first
    if (version() > FACTS_VERSION) throw newerDatabase(db.name)
    for (const id of db.column<number>('SELECT id FROM worktree'))
      for (const table of searchTables(id)) db.exec(`DROP TABLE IF EXISTS ${table}`)
    db.exec(
      `DELETE FROM findable; DELETE FROM file; DELETE FROM source; UPDATE worktree SET listing = NULL; PRAGMA application_id = ${FACTS_VERSION}`,
    )
    if (mayHoldSecrets) cleanStore(db)
  })
  if (mayHoldSecrets) scrub(db)
}
