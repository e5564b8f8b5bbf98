import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { PACKAGE_ROOT } from '../assets.ts'
import { makePrivateDatabase, makePrivateFolder } from '../files/private-files.ts'
import { blocking, blockingNow, isEnding } from '../processes/blocking.ts'
import { cleanParameters } from './clean-parameters.ts'
import { asUserError, BUSY_MS, isDamage, newerDatabase } from './db-errors.ts'
import { isKnown, makeKnown } from './known-database.ts'
import { isSchemaOfRepose, type SchemaEntry } from './plain-schema.ts'
import { damage, rowCheck } from './row-check.ts'
import { anotherProgram, hasForeignJournal, isEmpty, requireSoundNow } from './sound-database.ts'

type Row = Record<string, unknown>

/**
 * The only access to SQLite. Prepared statements are cached by their text and the shape of their rows. All values that
 * are written pass cleanParameters, so that no secret is stored, except for rows in bulk (insertAll).
 */
export interface Db {
  readonly path: string
  /** For messages: its path, or that of the database of which it is a copy. */
  readonly name: string
  /** Version of the schema: the number of migrations that it has had. */
  version(): number
  /** From now on writes throw a UserError if another version of repose has changed the schema or deleted the facts since. */
  pin(): void
  all<T = Row>(sql: string, ...values: unknown[]): T[]
  get<T = Row>(sql: string, ...values: unknown[]): T | undefined
  /** Rows as lists of values. For many rows: making objects would take longer than finding them. */
  lists<T extends readonly unknown[]>(sql: string, ...values: unknown[]): T[]
  /** The values of the only column. */
  column<T>(sql: string, ...values: unknown[]): T[]
  /** The value of the only column in the first row; undefined: there is no row. */
  value<T>(sql: string, ...values: unknown[]): T | undefined
  run(sql: string, ...values: unknown[]): { changes: number; id: number }
  /**
   * Inserts rows, which are lists of equal length. insert: the statement up to VALUES. Takes half the time of one
   * statement a row. Values are not cleaned: rows in bulk are parsed from texts without secrets, or read from this
   * database.
   */
  insertAll(insert: string, rows: readonly (readonly unknown[])[]): void
  exec(sql: string): void
  /** One write transaction, which takes the write lock at its start: two processes wait for each other (5 s) and never fail half way. */
  transaction<T>(work: () => T): T
  /**
   * A write transaction for asynchronous work that takes long, during which the process handles other events. Nothing
   * else may write by this connection meanwhile.
   */
  transactionInSteps<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Waits until no other process writes; Ctrl-C works meanwhile. Throws like transaction(), and the signal's reason. */
  whenFree(signal?: AbortSignal): Promise<void>
  /** Number of transactions of this connection that were rolled back. */
  rollbacks(): number
  /** Changes when anything is written, by this connection or by another one. */
  state(): string
  close(): void
}

const SHORT_BUSY_MS = 100 // the event loop stands still meanwhile; longer waits use blocking()
const TAKES_LONG = /\b(VACUUM|CREATE INDEX|DROP TABLE)\b/
const ROWS_AT_ONCE = 32
const FOLDER = join(PACKAGE_ROOT, 'src/store/migrations')
const MIGRATIONS = readdirSync(FOLDER)
  .filter((name) => /^\d{3}-.*\.sql$/.test(name))
  .sort()

/**
 * Opens or creates the database and brings its schema up to date. Throws UserError when it was written by a newer
 * version, is damaged, or cannot be written. name: the database of which it is a copy, for messages.
 */
export function openDb(path: string, name = path): Db {
  try {
    makeFolderOf(path)
    requireSoundNow(path)
    const isNew = path !== ':memory:' && isEmpty(path)
    makePrivateDatabase(path)
    if (isNew && !isKnown(path)) makeKnown(path)
    const db = wrap(new Database(path, { timeout: SHORT_BUSY_MS }), path, { name })
    try {
      if (!isSchemaOfRepose(db.all<SchemaEntry>('SELECT type, name, sql FROM sqlite_master')))
        throw anotherProgram(name)
      db.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000',
      )
      migrate(db)
    } catch (error) {
      db.close()
      throw error
    }
    return db
  } catch (error) {
    throw asUserError(error, name)
  }
}

/** Creates the folder of a database. Throws UserError when it cannot be written. */
export function makeFolderOf(path: string): void {
  try {
    makePrivateFolder(dirname(path))
  } catch (error) {
    throw asUserError(error, path)
  }
}

/** True if another process has the database open: all processes that do share a lock. Also false if damage hides it. */
export function isOpenElsewhere(path: string): boolean {
  if (hasForeignJournal(path)) return false // no repose can have opened it, and opening it here would delete files
  const db = wrap(new Database(path, { timeout: 0 }), path, { busyMs: 0 })
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; ROLLBACK')
    return false
  } catch (error) {
    return (error as { code?: string }).code === 'SQLITE_BUSY'
  } finally {
    db.close()
  }
}

/** Reads every page of a database and returns the first three findings of damage; [] if it is whole. */
export function damageOf(db: Db): string[] {
  try {
    const rows = blockingNow(() => db.all<{ integrity_check: string }>('PRAGMA integrity_check(3)'))
    const found = rows.map((row) => row.integrity_check)
    return found[0] === 'ok' ? [] : found
  } catch (error) {
    if (!isDamage(error)) throw error
    return [(error as Error).message]
  }
}

// From Node 24.19 on, a process aborts if a statement or connection of better-sqlite3 12 is garbage-collected while no
// script runs: its destructor needs an environment. (Version 13 does not, but needs Node 22.) So all of them are kept
// for ever, and pragma() of better-sqlite3 is not used, since it makes statements that are not kept. This costs some
// kilobytes a connection, closed or not.
const neverCollected: unknown[] = []

/** busyMs: how long a statement waits for another process. name: of the database, in messages. */
function wrap(raw: Database.Database, path: string, { busyMs = BUSY_MS, name = path } = {}): Db {
  // By the shape of their rows, which is a setting of a statement, and by their text. One key of both would have to be hashed at each call.
  const made = () => new Map<string, Database.Statement<unknown[]>>()
  const statements = { rows: made(), lists: made(), column: made() }
  neverCollected.push(raw, statements)
  let rollbacks = 0
  let writes = 0
  const isBusy = (error: unknown) => /^SQLITE_BUSY/.test((error as { code?: string }).code ?? '')
  const prepare = (sql: string, shape: 'rows' | 'lists' | 'column' = 'rows') => {
    const known = statements[shape].get(sql)
    if (known) return known
    const statement = raw.prepare<unknown[]>(sql)
    const look = statement.reader ? rowCheck(statement.columns(), shape, /\bLEFT JOIN\b/i.test(sql), mayBeNull) : null
    if (look) checks.set(statement, look)
    if (shape === 'lists') statement.raw()
    if (shape === 'column') statement.pluck()
    statements[shape].set(sql, statement)
    return statement
  }
  /** The parameters of a statement, cleaned if it writes. */
  const given = (statement: Database.Statement<unknown[]>, values: readonly unknown[]) =>
    statement.readonly ? values : cleanParameters(values)
  /** Columns that may be null, by table; read when first needed. */
  const nullable = new Map<string, ReadonlySet<string>>()
  const mayBeNull = (table: string, column: string) => {
    let columns = nullable.get(table)
    if (!columns) {
      const rows = prepare(`PRAGMA table_info(${table})`).all() as { name: string; notnull: number; pk: number }[]
      columns = new Set(rows.filter(({ notnull, pk }) => notnull === 0 && pk === 0).map(({ name }) => name))
      nullable.set(table, columns)
    }
    return columns.has(column)
  }
  const checks = new Map<unknown, (row: unknown) => void>()
  const rowsOf = (statement: Database.Statement<unknown[]>, values: readonly unknown[]) => {
    const rows = statement.all(...values)
    const look = checks.get(statement)
    if (look) for (const row of rows) look(row)
    return rows as never[]
  }
  const rowOf = (statement: Database.Statement<unknown[]>, values: readonly unknown[]) => {
    const row = statement.get(...values)
    if (row !== undefined) checks.get(statement)?.(row)
    return row as never
  }
  /** Adds the path of the database to an error of SQLite. */
  const named = (error: unknown) => {
    if (error instanceof Database.SqliteError && !('database' in error)) Object.assign(error, { database: name })
    return error
  }
  const tell = <T>(work: () => T, isBegun = () => raw.inTransaction): T => {
    const wasBegun = isBegun()
    try {
      try {
        return work()
      } catch (error) {
        if (wasBegun || isBegun() || busyMs === 0 || isEnding() || !isBusy(error)) throw error
      }
      // SQLite waits in its own code, where the process handles no events
      return blockingNow(() => {
        pragma(`busy_timeout = ${busyMs}`)
        try {
          return work()
        } finally {
          pragma(`busy_timeout = ${SHORT_BUSY_MS}`)
        }
      })
    } catch (error) {
      throw named(error)
    }
  }
  /** Statements for one row and for many, by the start of their text. */
  const inserts = new Map<string, { readonly one: string; readonly many: string }>()
  const insertOf = (start: string, columns: number) => {
    const known = inserts.get(start)
    if (known) return known
    const places = `(${Array(columns).fill('?').join(', ')})`
    const texts = {
      one: `${start} VALUES ${places}`,
      many: `${start} VALUES ${Array(ROWS_AT_ONCE).fill(places).join(', ')}`,
    }
    inserts.set(start, texts)
    return texts
  }
  const pragma = (name: string) => prepare(`PRAGMA ${name}`, 'column').get() as number
  const versions = () => `${pragma('user_version')} ${pragma('application_id')}`
  let pinned: string | null = null
  const check = () => {
    if (pinned !== null && versions() !== pinned) throw newerDatabase(name)
  }
  /** Before each write. */
  const checkOutside = () => {
    writes++
    if (!raw.inTransaction) check() // a transaction checks at its start
  }
  const whenFree = async (signal?: AbortSignal) => {
    for (const until = performance.now() + busyMs; ; await setTimeout(SHORT_BUSY_MS / 2)) {
      signal?.throwIfAborted()
      try {
        raw.exec('BEGIN IMMEDIATE; ROLLBACK')
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw named(error)
      }
    }
  }
  return {
    path,
    name,
    version: () => pragma('user_version'),
    pin() {
      pinned = versions()
    },
    all: (sql, ...values) => tell(() => rowsOf(prepare(sql), values)),
    get: (sql, ...values) => tell(() => rowOf(prepare(sql), values)),
    lists: (sql, ...values) => tell(() => rowsOf(prepare(sql, 'lists'), values)),
    column: (sql, ...values) => tell(() => rowsOf(prepare(sql, 'column'), values)),
    value: (sql, ...values) =>
      tell(() => {
        const statement = prepare(sql, 'column')
        if (!statement.readonly) checkOutside()
        return rowOf(statement, given(statement, values))
      }),
    run: (sql, ...values) =>
      tell(() => {
        checkOutside()
        const statement = prepare(sql)
        const { changes, lastInsertRowid } = statement.run(...given(statement, values))
        return { changes, id: Number(lastInsertRowid) }
      }),
    insertAll(insert, rows) {
      tell(checkOutside)
      if (rows.length === 0) return
      const { one, many } = insertOf(insert, rows[0]!.length)
      let at = 0
      for (; at + ROWS_AT_ONCE <= rows.length; at += ROWS_AT_ONCE)
        tell(() => prepare(many).run(...rows.slice(at, at + ROWS_AT_ONCE).flat()))
      for (; at < rows.length; at++) tell(() => prepare(one).run(...rows[at]!))
    },
    exec: (sql) =>
      tell(() => {
        checkOutside()
        if (!raw.inTransaction && TAKES_LONG.test(sql)) blockingNow(() => raw.exec(sql))
        else raw.exec(sql)
      }),
    transaction(work) {
      try {
        let isBegun = raw.inTransaction
        const checked = () => {
          isBegun = true
          check()
          return work()
        }
        return tell(
          () => raw.transaction(checked).immediate(),
          () => isBegun,
        )
      } catch (error) {
        rollbacks++
        throw error
      }
    },
    whenFree,
    async transactionInSteps(work, signal) {
      await whenFree(signal)
      tell(() => raw.exec('BEGIN IMMEDIATE'))
      try {
        check()
        const result = await work()
        await blocking(() => tell(() => raw.exec('COMMIT')))
        return result
      } catch (error) {
        rollbacks++
        if (raw.inTransaction) raw.exec('ROLLBACK')
        throw error
      }
    },
    rollbacks: () => rollbacks,
    state: () => `${tell(() => pragma('data_version'))} ${writes} ${rollbacks}`,
    close: () => void raw.close(),
  }
}

function migrate(db: Db): void {
  if (db.version() > MIGRATIONS.length) throw newerDatabase(db.name)
  if (db.version() < 0) throw damage(`a schema has no version ${db.version()}`)
  if (db.version() === MIGRATIONS.length) return
  db.transaction(() => {
    for (const file of MIGRATIONS.slice(db.version())) db.exec(readFileSync(join(FOLDER, file), 'utf8'))
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
  })
}
