import type { CodeSymbol, ParsedSource, ReferenceKind, RepoPath } from '../types.ts'
import type { Db } from './db.ts'

/** One content as the parser saw it; what src/parse/messages.ts calls a ParseResult. */
export interface SourceFacts {
  readonly bytes: number
  readonly lines: number
  readonly reason: string | null
  readonly problem: string | null
  readonly parsed: ParsedSource | null
  readonly terms: string | null
}

export interface FileRow {
  readonly id: number
  readonly path: RepoPath
  readonly source: number | null
}

export interface SymbolRow extends CodeSymbol {
  readonly path: RepoPath
}

export type Facts = ReturnType<typeof factsOf>

/** Reading and writing of facts. All reads are of one working tree and use an index; none walks a whole table unless it says so. */
export function factsOf(db: Db) {
  const names = new Map<string, number>()
  const nameId = (text: string): number => {
    let id = names.get(text)
    if (id === undefined) {
      id =
        db.get<{ id: number }>('SELECT id FROM name WHERE text = ?', text)?.id ??
        db.run('INSERT INTO name (text) VALUES (?)', text).id
      if (names.size < 200_000) names.set(text, id)
    }
    return id
  }

  return {
    worktree(root: string): { id: number; listing: string | null; history: string | null; indexedAt: number | null } {
      const find = 'SELECT id, listing, history, indexed_at AS indexedAt FROM worktree WHERE root = ?'
      const known = db.get<{ id: number; listing: string | null; history: string | null; indexedAt: number | null }>(
        find,
        root,
      )
      if (known) return known
      db.run('INSERT OR IGNORE INTO worktree (root) VALUES (?)', root)
      return db.get(find, root)!
    },

    worktrees: () => db.all<{ id: number; root: string }>('SELECT id, root FROM worktree'),

    /** Forgets a working tree; contents stay until sweepSources. */
    dropWorktree(id: number): void {
      db.transaction(() => {
        db.exec(`DROP TABLE IF EXISTS search_${id}; DROP TABLE IF EXISTS past_${id}`)
        db.run('DELETE FROM worktree WHERE id = ?', id)
      })
    },

    setListing: (worktree: number, listing: string, at: number) =>
      db.run('UPDATE worktree SET listing = ?, indexed_at = ? WHERE id = ?', listing, at, worktree),

    /** Every file of a working tree, by path; walks the whole table: only for a listing that changed. */
    files: (worktree: number) =>
      db.all<FileRow & { blob: string | null; language: string | null; reason: string | null }>(
        `SELECT file.id, path, source, blob, language, file.reason FROM file LEFT JOIN source ON source.id = file.source WHERE worktree = ?`,
        worktree,
      ),

    /** Every file whose content was read, by path, with what a pass must know of it: walks the working tree's files and symbols. */
    readableFiles: (worktree: number) =>
      db.all<{
        id: number
        path: RepoPath
        source: number
        blob: string
        language: string
        bytes: number
        lines: number
        doc: string | null
        symbols: number
      }>(
        `SELECT file.id, path, source, blob, language, bytes, lines, doc, (SELECT count(*) FROM symbol WHERE symbol.source = source.id) AS symbols
         FROM file JOIN source ON source.id = file.source WHERE worktree = ? AND source.reason IS NULL ORDER BY path`,
        worktree,
      ),

    /** How many files import each file of the working tree. Walks its imports. */
    importerCounts: (worktree: number): ReadonlyMap<number, number> =>
      new Map(
        db
          .all<{ id: number; n: number }>(
            'SELECT to_file AS id, count(*) AS n FROM import JOIN file ON file.id = to_file WHERE worktree = ? GROUP BY to_file',
            worktree,
          )
          .map(({ id, n }) => [id, n]),
      ),

    /** Where a content stands, in all working trees. */
    filesOfSource: (source: number) =>
      db.all<{ id: number; worktree: number; path: RepoPath }>(
        'SELECT id, worktree, path FROM file WHERE source = ?',
        source,
      ),

    sourceId: (blob: string, language: string) =>
      db.get<{ id: number }>('SELECT id FROM source WHERE blob = ? AND language = ?', blob, language)?.id ?? null,

    /** Saves one content whole; saying it twice changes nothing. Call it inside a transaction. */
    saveSource(blob: string, language: string, facts: SourceFacts): void {
      const { parsed } = facts
      const { changes, id } = db.run(
        'INSERT OR IGNORE INTO source (blob, language, bytes, lines, reason, problem, doc, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        blob,
        language,
        facts.bytes,
        facts.lines,
        facts.reason,
        facts.problem,
        parsed?.doc ?? null,
        facts.terms,
      )
      if (changes === 0 || !parsed) return
      parsed.symbols.forEach((symbol, position) => {
        db.run(
          'INSERT INTO symbol (source, position, qualified, name, kind, first_line, last_line, signature, doc, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          id,
          position,
          symbol.qualified,
          symbol.name,
          symbol.kind,
          symbol.lines.first,
          symbol.lines.last,
          symbol.signature,
          symbol.doc,
          symbol.hash,
        )
      })
      // One statement for all: a call for each of 150,000 uses took longer than SQLite did.
      const uses = parsed.references.map((use) => [use.from, use.kind, nameId(use.name), use.line])
      db.run(
        `INSERT OR IGNORE INTO reference (source, position, kind, name, line)
         SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
        id,
        JSON.stringify(uses),
      )
      for (const gap of parsed.gaps)
        db.run('INSERT INTO gap (source, first_line, last_line) VALUES (?, ?, ?)', id, gap.first, gap.last)
    },

    /** For a bulk load. A process killed before makeNameIndex leaves look-ups by name slow, never wrong; the next refresh makes it again. */
    dropNameIndex: () => db.exec('DROP INDEX IF EXISTS reference_name'),
    makeNameIndex: () => db.exec('CREATE INDEX IF NOT EXISTS reference_name ON reference (name)'),

    /** Puts a path into a working tree, or changes what it holds. Returns the file's id, which stays the same. */
    putFile(worktree: number, path: RepoPath, source: number | null, reason: string | null): number {
      return db.get<{ id: number }>(
        `INSERT INTO file (worktree, path, source, reason) VALUES (?, ?, ?, ?)
         ON CONFLICT (worktree, path) DO UPDATE SET source = excluded.source, reason = excluded.reason RETURNING id`,
        worktree,
        path,
        source,
        reason,
      )!.id
    },

    removeFile: (id: number) => db.run('DELETE FROM file WHERE id = ?', id),

    /** Import specifiers that a content states. */
    imports: (source: number) =>
      db
        .all<{ text: string }>(
          `SELECT DISTINCT text FROM reference JOIN name ON name.id = reference.name WHERE source = ? AND kind = 'import' ORDER BY text`,
          source,
        )
        .map((row) => row.text),

    setImports(file: number, targets: ReadonlyMap<number, string>): void {
      db.run('DELETE FROM import WHERE from_file = ?', file)
      for (const [target, certainty] of targets)
        db.run('INSERT INTO import (from_file, to_file, certainty) VALUES (?, ?, ?)', file, target, certainty)
    },

    file: (worktree: number, path: RepoPath) =>
      db.get<FileRow & { blob: string | null; language: string | null; doc: string | null; lines: number | null }>(
        `SELECT file.id, path, source, blob, language, doc, lines FROM file LEFT JOIN source ON source.id = file.source WHERE worktree = ? AND path = ?`,
        worktree,
        path,
      ),

    /** True if the path is in the working tree and its content was read. */
    isReadable: (worktree: number, path: RepoPath) =>
      db.get(
        'SELECT 1 FROM file JOIN source ON source.id = file.source WHERE worktree = ? AND path = ? AND source.reason IS NULL',
        worktree,
        path,
      ) !== undefined,

    fileCount: (worktree: number) =>
      db.get<{ n: number }>('SELECT count(*) AS n FROM file WHERE worktree = ?', worktree)!.n,

    pathOf: (file: number) => db.get<{ path: RepoPath }>('SELECT path FROM file WHERE id = ?', file)?.path ?? null,

    /** Definitions of one file, in reading order. */
    symbols(worktree: number, path: RepoPath): CodeSymbol[] {
      return db
        .all<SymbolColumns>(
          `SELECT ${SYMBOL_COLUMNS} FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ? AND path = ? ORDER BY position`,
          worktree,
          path,
        )
        .map(toSymbol)
    },

    /** Definitions of one content, in reading order. */
    symbolsOf: (source: number): CodeSymbol[] =>
      db
        .all<SymbolColumns>(`SELECT ${SYMBOL_COLUMNS} FROM symbol WHERE source = ? ORDER BY position`, source)
        .map(toSymbol),

    /** Definitions of exactly this name anywhere in the working tree, at most `limit`. */
    symbolsNamed(worktree: number, name: string, limit = 20): SymbolRow[] {
      return db
        .all<SymbolColumns & { path: RepoPath }>(
          `SELECT path, ${SYMBOL_COLUMNS} FROM symbol JOIN file ON file.source = symbol.source WHERE name = ? AND worktree = ? ORDER BY path, position LIMIT ?`,
          name,
          worktree,
          limit,
        )
        .map((row) => ({ path: row.path, ...toSymbol(row) }))
    },

    /** Files that use a name, with the line of the first use, at most `limit`. */
    usesOf(
      worktree: number,
      name: string,
      limit = 50,
    ): { path: RepoPath; position: number; kind: ReferenceKind; line: number }[] {
      return db.all(
        `SELECT path, position, kind, line FROM name JOIN reference ON reference.name = name.id JOIN file ON file.source = reference.source
         WHERE text = ? AND worktree = ? ORDER BY path, line LIMIT ?`,
        name,
        worktree,
        limit,
      )
    },

    importsOf: (file: number) =>
      db.all<{ id: number; path: RepoPath; certainty: string }>(
        'SELECT to_file AS id, path, certainty FROM import JOIN file ON file.id = to_file WHERE from_file = ? ORDER BY path',
        file,
      ),
    importersOf: (file: number) =>
      db.all<{ id: number; path: RepoPath; certainty: string }>(
        'SELECT from_file AS id, path, certainty FROM import JOIN file ON file.id = from_file WHERE to_file = ? ORDER BY path',
        file,
      ),

    gaps: (worktree: number, path: RepoPath) =>
      db.all<{ first: number; last: number }>(
        'SELECT first_line AS first, last_line AS last FROM file JOIN gap ON gap.source = file.source WHERE worktree = ? AND path = ? ORDER BY first_line',
        worktree,
        path,
      ),

    /** Counts for `status`: one pass over the working tree's files. */
    counts(worktree: number) {
      return db.get<{
        files: number
        code: number
        lines: number
        symbols: number
        leftOut: number
        problems: number
        gaps: number
      }>(
        `SELECT count(*) FILTER (WHERE file.reason IS NULL AND source.reason IS NULL) AS files,
                count(*) FILTER (WHERE language <> '' AND source.reason IS NULL) AS code,
                coalesce(sum(lines), 0) AS lines,
                (SELECT count(*) FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ?) AS symbols,
                count(*) FILTER (WHERE file.reason IS NOT NULL OR source.reason IS NOT NULL) AS leftOut,
                count(problem) AS problems,
                count(*) FILTER (WHERE EXISTS (SELECT 1 FROM gap WHERE gap.source = file.source)) AS gaps
         FROM file LEFT JOIN source ON source.id = file.source WHERE worktree = ?`,
        worktree,
        worktree,
      )!
    },

    reasons: (worktree: number) =>
      db.all<{ reason: string; files: number }>(
        `SELECT coalesce(file.reason, source.reason) AS reason, count(*) AS files FROM file LEFT JOIN source ON source.id = file.source
         WHERE worktree = ? AND coalesce(file.reason, source.reason) IS NOT NULL GROUP BY 1 ORDER BY 2 DESC`,
        worktree,
      ),

    languages: (worktree: number) =>
      db.all<{ language: string; files: number }>(
        `SELECT language, count(*) AS files FROM file JOIN source ON source.id = file.source WHERE worktree = ? AND source.reason IS NULL GROUP BY 1 ORDER BY 2 DESC`,
        worktree,
      ),

    /** Deletes contents that no working tree holds any more. Returns how many. */
    sweepSources: () =>
      db.run('DELETE FROM source WHERE id NOT IN (SELECT source FROM file WHERE source IS NOT NULL)').changes,
  }
}

const SYMBOL_COLUMNS = 'qualified, name, kind, first_line, last_line, signature, symbol.doc, hash'
type SymbolColumns = {
  qualified: string
  name: string
  kind: CodeSymbol['kind']
  first_line: number
  last_line: number
  signature: string
  doc: string | null
  hash: string
}

function toSymbol(row: SymbolColumns): CodeSymbol {
  const { qualified, name, kind, signature, doc, hash } = row
  return { qualified, name, kind, lines: { first: row.first_line, last: row.last_line }, signature, doc, hash }
}
