import type { RepoPath } from '../types.ts'
import { termsOf } from '../words.ts'
import type { Db } from './db.ts'
import { anyOf, quoteTerm, searchable } from './full-text.ts'

/** How much a hit in each field counts, in the order of the table's columns: fitted in docs/results.md#ranking. */
const WEIGHTS = { path: 8, names: 3, docs: 1, summary: 0.5, body: 0.5 } as const

export type Search = ReturnType<typeof searchOf>

/** Full text of a working tree's files: FTS5 over terms that src/words.ts has split, one table a working tree. */
export function searchOf(db: Db) {
  const table = (worktree: number) => `search_${worktree}`

  return {
    prepare(worktree: number): void {
      db.exec(
        `CREATE VIRTUAL TABLE IF NOT EXISTS ${table(worktree)} USING fts5(path, names, docs, summary, body, tokenize='unicode61 remove_diacritics 0')`,
      )
    },

    /** Makes a file findable, replacing what it was findable by. summary: text of its summary, if any. */
    put(worktree: number, file: number, path: RepoPath, source: number, summary: string | null): void {
      db.run(
        `INSERT OR REPLACE INTO ${table(worktree)} (rowid, path, names, docs, summary, body)
         SELECT ?, ?, terms ->> 'names', terms ->> 'docs', ?, terms ->> 'body' FROM source WHERE id = ?`,
        file,
        termsOf(path).join(' '),
        summary ? searchable(summary) : '',
        source,
      )
    },

    remove: (worktree: number, file: number) => db.run(`DELETE FROM ${table(worktree)} WHERE rowid = ?`, file),

    /** Files that hold any of the terms, best first by BM25 with field weights; scores above 0. */
    find(worktree: number, terms: readonly string[], limit: number): { file: number; path: RepoPath; score: number }[] {
      if (terms.length === 0) return []
      const weights = Object.values(WEIGHTS).join(', ')
      // The limit stands in a subquery: joining first would be up to seven times slower.
      return db.all(
        `SELECT hit.rowid AS file, path, -score AS score FROM
           (SELECT rowid, bm25(${table(worktree)}, ${weights}) AS score FROM ${table(worktree)} WHERE ${table(worktree)} MATCH ? ORDER BY score LIMIT ?) AS hit
         JOIN file ON file.id = hit.rowid ORDER BY score DESC, path`,
        anyOf(terms),
        limit,
      )
    },

    /** True if the file holds the term. */
    holds: (worktree: number, file: number, term: string) =>
      // FTS5 takes a rowid beside a MATCH only as an integer, passes over any other number, and JavaScript's are floats
      db.get(
        `SELECT 1 FROM ${table(worktree)} WHERE ${table(worktree)} MATCH ? AND rowid = CAST(? AS INTEGER)`,
        quoteTerm(term),
        file,
      ) !== undefined,

    /** In how many files a term occurs. */
    frequency: (worktree: number, term: string) =>
      db.get<{ n: number }>(
        `SELECT count(*) AS n FROM ${table(worktree)} WHERE ${table(worktree)} MATCH ?`,
        quoteTerm(term),
      )!.n,
  }
}
