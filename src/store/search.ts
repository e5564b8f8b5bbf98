import { isSource } from '../paths.ts'
import { termsOf } from '../request/words.ts'
import type { RepoPath, TextFields } from '../types.ts'
import { Exactly } from './clean-parameters.ts'
import type { Db } from './db.ts'
import { anyOf, quoteTerm, repeated, searchable } from './full-text.ts'
import { areTexts, readJson } from './json-column.ts'

export type Field = 'path' | 'names' | 'docs' | 'summary' | 'body'

/** Weight of a hit in each field, set by hand: docs/tried.md#what-is-set-by-hand. */
export const SEARCH_WEIGHTS: Readonly<Record<Field, number>> = { path: 8, names: 3, docs: 1, summary: 0.5, body: 0.5 }
const MOST_CALLED = 1000
const FIELDS = Object.keys(SEARCH_WEIGHTS) as Field[] // in the order of the table's columns
const TEXT = FIELDS.filter((field) => field !== 'summary' && field !== 'path').join(' ')
const OWN = FIELDS.filter((field) => field !== 'summary').join(' ') // the file's own text, without its summary

export type FullText = ReturnType<typeof searchOf>

/** Terms to search for, and the weight of a hit in each field. */
export interface Search {
  readonly terms: readonly string[]
  readonly fields: Readonly<Partial<Record<Field, number>>>
}

export interface Found {
  readonly file: number
  readonly path: RepoPath
  readonly score: number
}

/** What a file is to be found by. summary: text of its summary, if any. */
export interface Findable {
  readonly file: number
  readonly path: RepoPath
  readonly source: number
  readonly summary: string | null
}

/**
 * Full text of a working tree's files: FTS5 over terms that src/request/words.ts has split.
 *
 * A working tree has two tables, for source files and for the rest, so that the rarity of a word and the length of a
 * file are compared with their like. (Rare words of the code are everywhere in a changelog; one table for both found
 * .06 less among the first ten: docs/results.md#ranking.) The tables keep no text: to delete a file, FTS5 needs exactly
 * the text that was inserted, so rows of `findable` change only here.
 */
export function searchOf(db: Db) {
  const inserted = (file: number) => {
    const { rest, path, summary, terms } = db.get<{ rest: 0 | 1; path: string; summary: string; terms: string | null }>(
      'SELECT rest, findable.path AS path, summary, terms FROM findable JOIN source ON source.id = source WHERE file = ?',
      file,
    )!
    const { names, docs, body }: Partial<TextFields> = terms === null ? {} : readJson(terms, areFields)
    const columns = [path, repeated(names), repeated(docs), summary, repeated(body)]
    return { rest, columns: columns.map((text) => new Exactly(text)) }
  }
  const remove = (worktree: number, files: readonly number[]): void => {
    const known = db.column<number>(
      'SELECT DISTINCT file FROM json_each(?) AS wanted CROSS JOIN findable ON file = wanted.value',
      JSON.stringify(files),
    )
    for (const file of known) {
      const { rest, columns } = inserted(file)
      const table = searchTables(worktree)[rest]
      db.run(
        `INSERT INTO ${table} (${table}, rowid, path, names, docs, summary, body) VALUES ('delete', ?, ?, ?, ?, ?, ?)`,
        file,
        ...columns,
      )
    }
    for (const file of known) db.run('DELETE FROM findable WHERE file = ?', file)
  }

  /** Ids and scores in one of the tables: the best `limit`, and all that equal the last of these. */
  const hitsIn = (table: string, { terms, fields }: Search, limit: number): [file: number, score: number][] => {
    if (terms.length === 0) return []
    const weights = FIELDS.map((field) => fields[field] ?? 0).join(', ')
    const columns = FIELDS.filter((field) => fields[field]).join(' ')
    const found = db.lists<[file: number, score: number]>(
      `SELECT rowid, -bm25(${table}, ${weights}) FROM ${table} WHERE ${table} MATCH ? ORDER BY 2 DESC`,
      `{${columns}} : (${anyOf(terms)})`,
    )
    // Cut here, not in SQL, where the order of ids would decide which of equal files are kept.
    const last = found[limit - 1]?.[1] ?? 0
    return found.filter(([, score]) => score >= last)
  }

  /**
   * For each search, the files that hold any of its terms in one of its fields, best first by BM25 with the weights of
   * the fields; scores above 0, equal scores by path. At most `limit` source files and as many others. Scores of source
   * files cannot be compared with scores of others.
   */
  const findEach = <Name extends string>(worktree: number, searches: Record<Name, Search>, limit: number) => {
    const hits = Object.entries<Search>(searches).map(
      ([name, search]) => [name, searchTables(worktree).map((table) => hitsIn(table, search, limit))] as const,
    )
    const ids = new Set(hits.flatMap(([, tables]) => tables.flat().map(([file]) => file)))
    const paths = new Map(
      db.lists<[file: number, path: RepoPath]>(
        'SELECT file.id, file.path FROM json_each(?) AS wanted CROSS JOIN file ON file.id = wanted.value',
        JSON.stringify([...ids]),
      ),
    )
    const bestOf = (found: [file: number, score: number][]): Found[] =>
      found
        .filter(([file]) => paths.has(file)) // another process may have removed the file meanwhile
        .map(([file, score]) => ({ file, path: paths.get(file)!, score }))
        .sort(byScore)
        .slice(0, limit)
    return Object.fromEntries(hits.map(([name, tables]) => [name, tables.flatMap(bestOf).sort(byScore)])) as Record<
      Name,
      Found[]
    >
  }

  const holdersIn = (worktree: number, columns: string, term: string): ReadonlySet<number> =>
    new Set(
      searchTables(worktree).flatMap((table) =>
        db.column<number>(`SELECT rowid FROM ${table} WHERE ${table} MATCH ?`, `{${columns}} : ${quoteTerm(term)}`),
      ),
    )

  /** Everything about a file but its full text. */
  const list = (worktree: number, files: readonly Findable[]): void => {
    remove(
      worktree,
      files.map(({ file }) => file),
    )
    db.insertAll(
      'INSERT INTO findable (file, rest, path, source, summary)',
      files.map(({ file, path, source, summary }) => [
        file,
        isSource(path) ? 0 : 1,
        termsOf(path).join(' '),
        source,
        summary ? searchable(summary) : '',
      ]),
    )
  }
  const fill = (worktree: number, file: number): void => {
    const { rest, columns } = inserted(file)
    db.run(
      `INSERT INTO ${searchTables(worktree)[rest]} (rowid, path, names, docs, summary, body) VALUES (?, ?, ?, ?, ?, ?)`,
      file,
      ...columns,
    )
  }

  return {
    prepare(worktree: number): void {
      for (const table of searchTables(worktree))
        db.exec(
          `CREATE VIRTUAL TABLE IF NOT EXISTS ${table} USING fts5(path, names, docs, summary, body, content='', tokenize='unicode61 remove_diacritics 0')`,
        )
    },

    /** Makes files findable, each once, and replaces what they were findable by. Call it inside a transaction, with all files at once. */
    put(worktree: number, files: readonly Findable[]): void {
      list(worktree, files)
      for (const { file } of files) fill(worktree, file)
    },

    /**
     * put() in steps, inside a transaction: list() for all files, then fill() for each of them, and no other writing meanwhile. At each
     * statement for another table, and at each INSERT ... SELECT, FTS5 writes out what it holds (three times slower).
     */
    list,
    fill,

    /** Makes files unfindable. Call it before they leave the table of files. */
    remove,

    /** One search of findEach, in all fields. */
    find: (worktree: number, terms: readonly string[], limit: number): Found[] =>
      findEach(worktree, { only: { terms, fields: SEARCH_WEIGHTS } }, limit).only,

    findEach,

    /** Terms of these files' summaries, separated by spaces; files without a summary are left out. */
    summaries: (worktree: number, paths: readonly RepoPath[]): ReadonlyMap<RepoPath, string> =>
      new Map(
        db.lists<[path: RepoPath, summary: string]>(
          `SELECT file.path, summary FROM json_each(?) AS wanted CROSS JOIN file ON file.worktree = ? AND file.path = wanted.value
           CROSS JOIN findable ON findable.file = file.id AND summary <> ''`,
          JSON.stringify(paths),
          worktree,
        ),
      ),

    /** Files whose path holds all of the terms. A table with more than 1,000 of them gives none: such terms identify nothing. */
    inPath: (worktree: number, terms: readonly string[]): RepoPath[] =>
      terms.length === 0
        ? []
        : searchTables(worktree).flatMap((table) => {
            const found = db.column<RepoPath>(
              `SELECT file.path FROM ${table} CROSS JOIN file ON file.id = ${table}.rowid WHERE ${table} MATCH ? LIMIT ?`,
              `{path} : (${terms.map(quoteTerm).join(' AND ')})`,
              MOST_CALLED + 1,
            )
            return found.length > MOST_CALLED ? [] : found
          }),

    /** Whether a path holds all of some terms. */
    isInPath: (worktree: number, terms: readonly string[]): boolean =>
      searchTables(worktree).some(
        (table) =>
          db.get(
            `SELECT 1 FROM ${table} WHERE ${table} MATCH ? LIMIT 1`,
            `{path} : (${terms.map(quoteTerm).join(' AND ')})`,
          ) !== undefined,
      ),

    /** The files that hold a term in their path or text; a summary does not count. */
    holders: (worktree: number, term: string): ReadonlySet<number> => holdersIn(worktree, OWN, term),

    /** The files that hold a term, neither in their path alone nor in their summary. */
    textHolders: (worktree: number, term: string): ReadonlySet<number> => holdersIn(worktree, TEXT, term),

    /** The files whose summary holds a term. */
    summaryHolders: (worktree: number, term: string): ReadonlySet<number> => holdersIn(worktree, 'summary', term),

    /** Number of source files that hold a term, without summaries; if none does, the number of other files. */
    frequency(worktree: number, term: string): number {
      const count = (table: string) =>
        db.value<number>(`SELECT count(*) FROM ${table} WHERE ${table} MATCH ?`, `{${OWN}} : ${quoteTerm(term)}`)!
      const [code, rest] = searchTables(worktree)
      return count(code) || count(rest)
    },
  }
}

/** Names of a working tree's full-text tables: source files, other files. */
export function searchTables(worktree: number): readonly [code: string, rest: string] {
  return [`search_${worktree}`, `search_${worktree}_rest`]
}

function areFields(value: unknown): value is TextFields {
  const { names, docs, body } = (value ?? {}) as Partial<TextFields>
  return [names, docs, body].every((one) => one === undefined || areTexts(one))
}

function byScore(a: { path: RepoPath; score: number }, b: { path: RepoPath; score: number }): number {
  return b.score - a.score || (a.path < b.path ? -1 : 1)
}
