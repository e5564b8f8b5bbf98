import Database from 'better-sqlite3'

/** What a statement says of a column of its rows; table: null for an expression. */
type Column = Pick<Database.ColumnDefinition, 'name' | 'column' | 'table' | 'type'>

/**
 * A look at each row as it comes from the database: a value of another type than its column's was not written by repose. Strict tables hold none, but
 * the file may be another one, or have been edited. Throws SQLite's own error for a damaged file. null: nothing can be said of the rows.
 *
 * shape: how the rows come. mayLack: an outer join leaves out whole rows, so that any column may be null.
 */
export function rowCheck(
  columns: readonly Column[],
  shape: 'rows' | 'lists' | 'column',
  mayLack: boolean,
  mayBeNull: (table: string, column: string) => boolean,
): ((row: unknown) => void) | null {
  const checks = columns.flatMap(({ name, column, table, type }, at) => {
    const isRight = type === null ? undefined : RIGHT[type]
    return table !== null && column !== null && isRight
      ? [{ key: shape === 'rows' ? name : at, table, column, isRight }]
      : []
  })
  if (checks.length === 0) return null
  const look = ({ table, column, isRight }: (typeof checks)[number], value: unknown) => {
    if (value === null ? mayLack || mayBeNull(table, column) : isRight(value)) return
    throw damage(
      `${table}.${column} holds ${value === null ? 'nothing' : `a ${typeof value}`} where another value belongs`,
    )
  }
  if (shape === 'column') return (value) => look(checks[0]!, value)
  return (row) => {
    for (const check of checks) look(check, (row as Record<string | number, unknown>)[check.key])
  }
}

const RIGHT: Readonly<Record<string, (value: unknown) => boolean>> = {
  INTEGER: Number.isInteger,
  REAL: Number.isFinite,
  TEXT: (value) => typeof value === 'string',
}

/** As SQLite says it of a file whose pages are. */
export function damage(what: string): Error {
  return new Database.SqliteError(what, 'SQLITE_CORRUPT')
}
