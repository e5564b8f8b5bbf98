import type { ParsedSource, RepoPath } from '../types.ts'
import type { Db } from './db.ts'
import { internIn } from './intern.ts'
import { searchTables } from './search.ts'

/** One content as the parser saw it; what src/parse/messages.ts calls a ParseResult. */
export interface SourceFacts {
  readonly bytes: number
  readonly lines: number
  readonly reason: string | null
  readonly problem: string | null
  readonly parsed: ParsedSource | null
  readonly terms: string | null
}

/** The writing half of facts.ts. Call several of them inside one transaction. */
export function factsWriter(db: Db) {
  const nameId = internIn(db, 'name')

  return {
    /** Forgets a working tree; contents stay until sweepSources. */
    dropWorktree(id: number): void {
      db.transaction(() => {
        for (const table of [...searchTables(id), `past_${id}`]) db.exec(`DROP TABLE IF EXISTS ${table}`)
        db.run('DELETE FROM worktree WHERE id = ?', id)
      })
    },

    setListing: (worktree: number, listing: string, at: number) =>
      db.run('UPDATE worktree SET listing = ?, indexed_at = ? WHERE id = ?', listing, at, worktree),

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

    setImports(file: number, targets: ReadonlyMap<number, string>): void {
      db.run('DELETE FROM import WHERE from_file = ?', file)
      for (const [target, certainty] of targets)
        db.run('INSERT INTO import (from_file, to_file, certainty) VALUES (?, ?, ?)', file, target, certainty)
    },

    /** Deletes contents that no working tree holds any more. Returns how many. */
    sweepSources: () =>
      db.run('DELETE FROM source WHERE id NOT IN (SELECT source FROM file WHERE source IS NOT NULL)').changes,
  }
}
