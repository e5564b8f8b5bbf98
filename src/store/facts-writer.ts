import { blockingNow } from '../processes/blocking.ts'
import type { ParsedSource, RepoPath } from '../types.ts'
import { Exactly } from './clean-parameters.ts'
import type { Db } from './db.ts'
import { internIn } from './intern.ts'
import { searchTables } from './search.ts'

/** The facts of one content, as parsed: ParseResult in src/parse/messages.ts. */
export interface SourceFacts {
  readonly bytes: number
  readonly lines: number
  readonly reason: string | null
  readonly problem: string | null
  readonly parsed: ParsedSource | null
  /** Whether the content has no secret. */
  readonly isClean: boolean
  readonly terms: string | null
}

/** The writing half of facts.ts. Make several calls inside one transaction. */
export function factsWriter(db: Db) {
  const nameId = internIn(db, 'name')

  return {
    /** Deletes a working tree; its contents stay until sweepSources. */
    dropWorktree(id: number): void {
      const forget = () => {
        for (const table of [...searchTables(id), `past_${id}`]) db.exec(`DROP TABLE IF EXISTS ${table}`)
        db.run('DELETE FROM findable WHERE file IN (SELECT id FROM file WHERE worktree = ?)', id)
        db.run('DELETE FROM worktree WHERE id = ?', id)
      }
      db.transaction(() => blockingNow(forget))
    },

    setListing: (worktree: number, listing: string, at: number) =>
      db.run('UPDATE worktree SET listing = ?, indexed_at = ? WHERE id = ?', listing, at, worktree),

    /** Saves all facts of one content; saving it again changes nothing. Call it inside a transaction. */
    saveSource(blob: string, language: string, facts: SourceFacts): void {
      const { parsed } = facts
      const { changes, id } = db.run(
        'INSERT OR IGNORE INTO source (blob, language, bytes, lines, reason, problem, doc, clean, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        new Exactly(blob),
        new Exactly(language),
        facts.bytes,
        facts.lines,
        facts.reason,
        facts.problem,
        parsed?.doc ?? null,
        facts.isClean ? 1 : 0,
        facts.terms === null ? null : new Exactly(facts.terms),
      )
      if (changes === 0 || !parsed) return
      db.insertAll(
        'INSERT INTO symbol (source, position, qualified, name, kind, first_line, last_line, signature, doc, hash)',
        parsed.symbols.map(({ qualified, name, kind, lines, signature, doc, hash }, position) => [
          id,
          position,
          qualified,
          name,
          kind,
          lines.first,
          lines.last,
          signature,
          doc,
          hash,
        ]),
      )
      db.insertAll(
        'INSERT OR IGNORE INTO reference (source, kind, name, line)',
        parsed.references.map((use) => [id, use.kind, nameId(use.name), use.line]),
      )
      db.insertAll(
        'INSERT INTO gap (source, first_line, last_line)',
        parsed.gaps.map((gap) => [id, gap.first, gap.last]),
      )
    },

    /**
     * For a bulk load. If the process is killed before makeNameIndexes, look-ups by name are slow but correct; the next
     * refresh makes the indexes again.
     */
    dropNameIndexes: () => db.exec('DROP INDEX IF EXISTS symbol_name; DROP INDEX IF EXISTS reference_name'),
    makeNameIndexes: () =>
      db.exec(
        'CREATE INDEX IF NOT EXISTS symbol_name ON symbol (name); CREATE INDEX IF NOT EXISTS reference_name ON reference (name)',
      ),

    /** Adds a path to a working tree, or changes what it holds. Returns the file's id, which stays the same. */
    putFile(
      worktree: number,
      path: RepoPath,
      source: number | null,
      reason: string | null,
      rule: string | null = null,
    ): number {
      return db.value<number>(
        `INSERT INTO file (worktree, path, source, reason, rule) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (worktree, path) DO UPDATE SET source = excluded.source, reason = excluded.reason, rule = excluded.rule RETURNING id`,
        worktree,
        path,
        source,
        reason,
        rule,
      )!
    },

    removeFile: (id: number) => db.run('DELETE FROM file WHERE id = ?', id),

    setImports(file: number, targets: ReadonlyMap<number, string>): void {
      db.run('DELETE FROM import WHERE from_file = ?', file)
      db.insertAll(
        'INSERT INTO import (from_file, to_file, certainty)',
        [...targets].map(([target, certainty]) => [file, target, certainty]),
      )
    },

    /** Deletes contents that no working tree holds any more. Returns their number. Walks all contents. */
    sweepSources: () =>
      blockingNow(
        () => db.run('DELETE FROM source WHERE id NOT IN (SELECT source FROM file WHERE source IS NOT NULL)').changes,
      ),
  }
}
