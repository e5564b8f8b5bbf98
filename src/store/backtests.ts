import type { Db } from './db.ts'

export interface BacktestReceipt {
  readonly id: number
  readonly startedAt: number
  readonly endedAt: number | null
  readonly head: string
  readonly planned: number
  readonly scored: number
  readonly titleOnly: boolean
  readonly stop: string | null
  /** By arm, the mean of each figure. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export type Backtests = ReturnType<typeof backtestsOf>

/** Receipts of backtests. */
export function backtestsOf(db: Db) {
  return {
    start: (at: number, head: string, planned: number, titleOnly: boolean) =>
      db.run(
        'INSERT INTO backtest (started_at, head, planned, title_only) VALUES (?, ?, ?, ?)',
        at,
        head,
        planned,
        titleOnly ? 1 : 0,
      ).id,

    end: (id: number, at: number, scored: number, stop: string, figures: BacktestReceipt['figures']) =>
      db.run(
        'UPDATE backtest SET ended_at = ?, scored = ?, stop = ?, figures = ? WHERE id = ?',
        at,
        scored,
        stop,
        JSON.stringify(figures),
        id,
      ),

    /** Newest first. */
    receipts: (limit: number): BacktestReceipt[] =>
      db
        .all<Omit<BacktestReceipt, 'titleOnly' | 'figures'> & { titleOnly: number; figures: string }>(
          `SELECT id, started_at AS startedAt, ended_at AS endedAt, head, planned, scored, title_only AS titleOnly, stop, figures
           FROM backtest ORDER BY id DESC LIMIT ?`,
          limit,
        )
        .map((row) => ({
          ...row,
          titleOnly: row.titleOnly === 1,
          figures: JSON.parse(row.figures) as BacktestReceipt['figures'],
        })),
  }
}
