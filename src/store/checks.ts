import { createHash } from 'node:crypto'
import type { Db } from './db.ts'

export type Checks = ReturnType<typeof checksOf>

/** When each check last passed in this repository, whatever the state of its files. */
export function checksOf(db: Db) {
  return {
    /** Milliseconds since 1970; null: it never has. */
    passedAt: (command: string) =>
      db.value<number>('SELECT at FROM check_pass WHERE command = ?', keyOf(command)) ?? null,

    notePass: (command: string, at: number, ms: number) =>
      void db.run(
        'INSERT INTO check_pass (command, at, ms) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at, ms = excluded.ms',
        keyOf(command),
        at,
        ms,
      ),
  }
}

function keyOf(command: string): string {
  return createHash('sha256').update(command).digest('hex')
}
