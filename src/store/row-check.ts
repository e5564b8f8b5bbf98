import Database from 'better-sqlite3'

/** A column of a statement's rows; table: null for an expression. */
type Column = Pick<Database.ColumnDefinition, 'name' | 'column' | 'table' | 'type'>

/**
 * Returns a check for each row that comes from the database. A value whose type is not its column's was not written by
 * repose: strict tables hold none, but the file may be another one, or was edited. The check throws SQLite's own error
 * for a damaged file. null: the rows cannot be checked.
 *
 * shape: form of the rows. mayLack: an outer join leaves out whole rows, so that any column may be null.
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
  const verify = ({ table, column, isRight }: (typeof checks)[number], value: unknown) => {
    if (value === null ? mayLack || mayBeNull(table, column) : isRight(value)) return
    throw damage(
      `${table}.${column} holds ${value === null ? 'nothing' : `a ${typeof value}`} where another value belongs`,
    )
  }
  if (shape === 'column') return (value) => verify(checks[0]!, value)
  return (row) => {
    for (const check of checks) verify(check, (row as Record<string | number, unknown>)[check.key])
  }
}

const RIGHT: Readonly<Record<string, (value: unknown) => boolean>> = {
  INTEGER: Number.isInteger,
  REAL: Number.isFinite,
  TEXT: (value) => typeof value === 'string',
}

/** The error that SQLite throws for a file with damaged pages. */
export function damage(what: string): Error {
  return new Database.SqliteError(what, 'SQLITE_CORRUPT')
}
