import Database from 'better-sqlite3'

export interface Table {
  readonly name: string
  readonly columns: readonly string[]
}

const kept: Database.Database[] = [] // none may be collected: see src/store/db.ts

/** A database of repose whose columns take values of any type, as one that somebody else has written may. */
export function openLax(path: string): Database.Database {
  const raw = new Database(path)
  kept.push(raw)
  raw.unsafeMode()
  raw.pragma('writable_schema = ON')
  raw.exec(
    `UPDATE sqlite_master SET sql = replace(replace(replace(sql, ') STRICT, WITHOUT ROWID', ') WITHOUT ROWID'), ') STRICT', ')'), ' NOT NULL', '')
     WHERE type = 'table' AND sql LIKE '%STRICT%'`,
  )
  raw.pragma('writable_schema = RESET')
  raw.pragma('foreign_keys = OFF')
  return raw
}

/** The tables of repose, without those of the full text. */
export function tablesOf(raw: Database.Database): readonly Table[] {
  const names = raw
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'",
    )
    .pluck()
    .all() as string[]
  return names.map((name) => ({
    name,
    columns: raw.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(name) as string[],
  }))
}
