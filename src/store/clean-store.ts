import { cleanParameters } from './clean-parameters.ts'
import type { Db } from './db.ts'

// Texts that earlier versions stored uncleaned and that cannot be read again: the table, and the columns to clean.
const KEPT: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ['request', ['text', 'packed', 'opened', 'changed']],
  ['pass', ['reason', 'notes']],
  ['backtest', ['reason', 'figures']],
  ['agent_run', ['reason', 'modified', 'created', 'deleted']],
  ['summary', ['body']],
]

/**
 * Removes secrets that earlier versions stored. Requests, receipts and summaries are cleaned. The past and what was
 * learned from it are deleted, then read and mined again. (Each new FACTS_VERSION deletes the facts of files.) Call it
 * inside a transaction, and scrub() after it.
 */
export function cleanStore(db: Db): void {
  for (const [table, columns] of KEPT) {
    const rows = db.lists<[id: number, ...values: unknown[]]>(`SELECT id, ${columns.join(', ')} FROM ${table}`)
    for (const [id, ...values] of rows) {
      const clean = cleanParameters(values)
      if (clean.some((value, i) => value !== values[i]))
        db.run(`UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`, ...clean, id)
    }
  }
  for (const subject of db.column<string>('SELECT DISTINCT subject FROM latest_summary'))
    if (cleanParameters([subject])[0] !== subject) db.run('DELETE FROM latest_summary WHERE subject = ?', subject)
  for (const id of db.column<number>('SELECT id FROM worktree')) db.exec(`DROP TABLE IF EXISTS past_${id}`)
  db.exec(`DELETE FROM recipe; DELETE FROM recipe_mining; DELETE FROM activity; DELETE FROM moved; DELETE FROM reach;
    DELETE FROM past_change; DELETE FROM past_commit; DELETE FROM path; DELETE FROM name; UPDATE worktree SET history = NULL`)
}

/**
 * Rewrites the file, so that it holds nothing that was deleted. Skipped if another process writes: the pages were
 * overwritten with zeros.
 */
export function scrub(db: Db): void {
  try {
    db.exec('VACUUM')
    db.value('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (!/^SQLITE_(BUSY|LOCKED|FULL)/.test((error as { code?: string }).code ?? '')) throw error
  }
}
