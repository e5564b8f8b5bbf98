import { type Db, openDb } from './db.ts'
import { type Facts, factsOf } from './facts.ts'
import { type History, historyOf } from './history.ts'
import { type Ledger, ledgerOf } from './ledger.ts'
import { type Search, searchOf } from './search.ts'
import { type Summaries, summariesOf } from './summaries.ts'

export interface Store {
  readonly db: Db
  readonly facts: Facts
  readonly search: Search
  readonly history: History
  readonly summaries: Summaries
  readonly ledger: Ledger
  close(): void
}

/** Opens the repository's database, making it if need be. path: usually `<git common dir>/repose/repose.db`. Throws UserError. */
export function openStore(path: string): Store {
  const db = openDb(path)
  return {
    db,
    facts: factsOf(db),
    search: searchOf(db),
    history: historyOf(db),
    summaries: summariesOf(db),
    ledger: ledgerOf(db),
    close: () => db.close(),
  }
}
