/** A row of sqlite_master. */
export interface SchemaRow {
  readonly type: string
  readonly sql: string | null
}

export type SchemaEntry = SchemaRow & { readonly name: string }

/** Whether a database is empty or has the tables of repose, and computes nothing by itself. */
export function isSchemaOfRepose(rows: readonly SchemaEntry[]): boolean {
  const tables = rows.filter(({ type }) => type === 'table')
  return (tables.length === 0 || tables.some(({ name }) => name === 'latest_summary')) && rows.every(isPlainSchema)
}

/**
 * Whether a statement of a schema only describes data, as all of repose's do. Others compute something with every read or write: triggers,
 * views, conditions, generated columns, indices and defaults of expressions. In a database of somebody else, that may take for ever.
 */
export function isPlainSchema({ type, sql }: SchemaRow): boolean {
  if (sql === null) return true // an index that a UNIQUE makes
  const code = sql.replace(ASIDE, ' ').replace(/\s+/g, ' ').trim()
  if (type === 'index') return INDEX.test(code)
  if (type !== 'table') return false
  return /^CREATE VIRTUAL /i.test(code) ? VIRTUAL.test(code) : !COMPUTES.test(code)
}

/** Texts, quoted names and comments. One without its end runs to the end of the text: SQLite reads nothing behind a statement. */
const ASIDE =
  /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
const INDEX = /^CREATE (?:UNIQUE )?INDEX \w* ?ON \w* ?\([\w, ]*\)(?: WHERE \w+ IS NOT NULL)?$/i
const VIRTUAL = /^CREATE VIRTUAL TABLE \w* ?USING fts5 ?\([^()]*\)$/i
const COMPUTES = /\b(?:CHECK|GENERATED|AS)\b|\bDEFAULT ?\(/i
