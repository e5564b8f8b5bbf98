import type { Db } from './db.ts'
import { isAnything, readJson } from './json-column.ts'

export interface SummaryKey {
  readonly kind: string
  readonly sourceHash: string
  readonly promptVersion: number
  readonly model: string
}

export interface SummaryRow extends SummaryKey {
  readonly id: number
  readonly body: unknown
  /** Milliseconds since 1970. */
  readonly writtenAt: number
  /** 'remote NAME' or 'import'; null: written here. */
  readonly origin: string | null
}

export type Summaries = ReturnType<typeof summariesOf>

/** Summaries by their source, and the newest one of each subject. */
export function summariesOf(db: Db) {
  const columns =
    'id, summary.kind, source_hash AS sourceHash, prompt_version AS promptVersion, model, body, written_at AS writtenAt, origin'
  const written = 'kind = :kind AND prompt_version = :promptVersion AND model = :model'
  const read = (row: (Omit<SummaryRow, 'body'> & { body: string }) | undefined): SummaryRow | null =>
    row ? { ...row, body: readJson(row.body, isAnything) } : null

  return {
    /** The summary written from exactly this by this model, if any. */
    find: (key: SummaryKey) =>
      read(db.get(`SELECT ${columns} FROM summary WHERE source_hash = :sourceHash AND ${written}`, key)),

    /** Whether an answer of this model on exactly this was rejected as a whole. */
    isRejected: (key: SummaryKey): boolean =>
      db.value(`SELECT 1 FROM rejection WHERE source_hash = :sourceHash AND ${written}`, key) !== undefined,

    reject: (key: SummaryKey, at: number) =>
      db.run(
        'INSERT OR REPLACE INTO rejection (kind, source_hash, prompt_version, model, rejected_at) VALUES (:kind, :sourceHash, :promptVersion, :model, :at)',
        { ...key, at },
      ),

    /** Forgets rejections before a time (milliseconds since 1970). */
    forgetRejections: (before: number) => db.run('DELETE FROM rejection WHERE rejected_at < ?', before),

    /** Summaries whose source hash is longer and begins with this one, newest first, at most 20: see src/summary/source-hash.ts. */
    findStart: (key: SummaryKey): SummaryRow[] =>
      db
        .all<Omit<SummaryRow, 'body'> & { body: string }>(
          `SELECT ${columns} FROM summary WHERE source_hash > :sourceHash AND source_hash < :sourceHash || '~' AND ${written} ORDER BY id DESC LIMIT 20`,
          key,
        )
        .map((row) => read(row)!),

    /** The newest summary that a model wrote from exactly this, whatever the model and prompt. One that was written here comes first. */
    freshFromModel: (kind: string, sourceHash: string) =>
      read(
        db.get(
          `SELECT ${columns} FROM summary WHERE kind = ? AND source_hash = ? AND model <> 'none' ORDER BY origin IS NOT NULL, written_at DESC, id DESC LIMIT 1`,
          kind,
          sourceHash,
        ),
      ),

    /** The newest summary of a subject, whether or not its source has changed since. */
    latest: (subject: string, kind: string) =>
      read(
        db.get(
          `SELECT ${columns} FROM latest_summary JOIN summary ON summary.id = latest_summary.summary WHERE subject = ? AND latest_summary.kind = ?`,
          subject,
          kind,
        ),
      ),

    /** Saves one summary and makes it the subject's newest. An equal key replaces the earlier one. origin: of what it was made from. */
    save(
      subject: string,
      summary: SummaryKey & { readonly body: unknown; readonly writtenAt: number; readonly origin?: string | null },
    ): number {
      return db.transaction(() => {
        const id = db.value<number>(
          `INSERT INTO summary (kind, source_hash, prompt_version, model, body, written_at, origin)
           VALUES (:kind, :sourceHash, :promptVersion, :model, :body, :writtenAt, :origin)
           ON CONFLICT (kind, source_hash, prompt_version, model)
           DO UPDATE SET body = excluded.body, written_at = excluded.written_at, origin = excluded.origin RETURNING id`,
          { ...summary, body: JSON.stringify(summary.body), origin: summary.origin ?? null },
        )!
        this.point(subject, summary.kind, id)
        return id
      })
    },

    /** Makes a summary that was found again the subject's newest. */
    point: (subject: string, kind: string, id: number) =>
      db.run(
        'INSERT INTO latest_summary (subject, kind, summary) VALUES (?, ?, ?) ON CONFLICT (subject, kind) DO UPDATE SET summary = excluded.summary',
        subject,
        kind,
        id,
      ),

    /** Subjects that have a summary of this kind, by name, at most `limit`. */
    subjects: (kind: string, limit: number) =>
      db.column<string>('SELECT subject FROM latest_summary WHERE kind = ? ORDER BY subject LIMIT ?', kind, limit),

    /** Which summary is a subject's newest. Cheaper than latest(): its body is not read. */
    pointer: (subject: string, kind: string) =>
      db.get<{ id: number; model: string }>(
        'SELECT id, model FROM latest_summary JOIN summary ON summary.id = latest_summary.summary WHERE subject = ? AND latest_summary.kind = ?',
        subject,
        kind,
      ) ?? null,

    /** Stores that a subject has no summary any more. */
    unpoint: (subject: string, kind: string) =>
      db.run('DELETE FROM latest_summary WHERE subject = ? AND kind = ?', subject, kind),

    /** Deletes summaries that no model wrote and that are no subject's newest: they cost nothing to write again. Walks the table. */
    sweepUnwritten: () =>
      db.run(`DELETE FROM summary WHERE model = 'none' AND id NOT IN (SELECT summary FROM latest_summary)`).changes,

    /** Number of summaries that came from elsewhere, by origin. */
    origins: () =>
      db.all<{ origin: string; n: number }>(
        'SELECT origin, count(*) AS n FROM summary WHERE origin IS NOT NULL GROUP BY origin ORDER BY origin',
      ),

    /**
     * Saves a summary that was written elsewhere, unless there is one that was written here, or one that is as new or newer. Returns its
     * number, and whether it was saved. Call it inside a transaction.
     */
    take(summary: Omit<SummaryRow, 'id'>): { readonly id: number; readonly isTaken: boolean } {
      const there = db.get<Pick<SummaryRow, 'id' | 'origin' | 'writtenAt'>>(
        `SELECT id, origin, written_at AS writtenAt FROM summary WHERE source_hash = :sourceHash AND ${written}`,
        summary,
      )
      if (there && (there.origin === null || there.writtenAt >= summary.writtenAt))
        return { id: there.id, isTaken: false }
      const { body, writtenAt, origin } = summary
      const text = JSON.stringify(body)
      if (there)
        db.run(
          'UPDATE summary SET body = ?, written_at = ?, origin = ? WHERE id = ?',
          text,
          writtenAt,
          origin,
          there.id,
        )
      const id =
        there?.id ??
        db.run(
          'INSERT INTO summary (kind, source_hash, prompt_version, model, body, written_at, origin) VALUES (?, ?, ?, ?, ?, ?, ?)',
          ...[summary.kind, summary.sourceHash, summary.promptVersion, summary.model, text, writtenAt, origin],
        ).id
      return { id, isTaken: true }
    },

    /** All that a model wrote; onlyOwn: here. */
    written: (onlyOwn: boolean): SummaryRow[] =>
      db
        .all<Omit<SummaryRow, 'body'> & { body: string }>(
          `SELECT ${columns} FROM summary WHERE model <> 'none' ${onlyOwn ? 'AND origin IS NULL' : ''} ORDER BY id`,
        )
        .map((row) => read(row)!),

    /** Source hashes of the summaries that are some subject's newest. */
    current: () =>
      db.column<string>('SELECT DISTINCT source_hash FROM latest_summary JOIN summary ON summary.id = summary'),

    /** Number of subjects by kind and model of their newest summary. */
    counts: () =>
      db.all<{ kind: string; model: string; n: number }>(
        `SELECT latest_summary.kind, model, count(*) AS n FROM latest_summary JOIN summary ON summary.id = latest_summary.summary
         GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
  }
}
