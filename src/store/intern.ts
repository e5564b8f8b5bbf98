import { Exactly } from './clean-parameters.ts'
import type { Db } from './db.ts'

const MOST = 200_000 // remembered texts: about 20 MB

/** Ids of texts in a table (id, text). An id is created on first use and looked up once a process. */
export function internIn(db: Db, table: 'name' | 'path'): (text: string) => number {
  let known = new Map<string, number>()
  let seenRollbacks = db.rollbacks()
  return (text) => {
    if (seenRollbacks !== db.rollbacks()) {
      known = new Map() // ids from a transaction that was rolled back are not valid
      seenRollbacks = db.rollbacks()
    }
    let id = known.get(text)
    if (id === undefined) {
      // not cleaned: names are parsed from texts without secrets, and paths come from the log without them
      const made = db.run(`INSERT OR IGNORE INTO ${table} (text) VALUES (?)`, new Exactly(text))
      id = made.changes > 0 ? made.id : db.value<number>(`SELECT id FROM ${table} WHERE text = ?`, text)!
      if (known.size < MOST) known.set(text, id)
    }
    return id
  }
}
