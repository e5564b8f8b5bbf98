import type { Changes, Usage } from '../types.ts'
import type { Db } from './db.ts'
import { areFigures, areTexts, readJson } from './json-column.ts'

export interface BacktestReceipt {
  readonly id: number
  readonly startedAt: number
  readonly endedAt: number | null
  readonly head: string
  readonly planned: number
  readonly scored: number
  readonly titleOnly: boolean
  readonly stop: string | null
  /** Why it failed, in words; null: it did not. */
  readonly reason: string | null
  /** By arm: the mean of each figure. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** The key of an agent's run: the same key means the same task, asked in the same way. */
export interface BacktestRunKey {
  /** Commit that brought the feature. */
  readonly task: string
  readonly arm: string
  /** Largest number of calls. */
  readonly steps: number
  readonly model: string
  /** Hash of the arm's prompts. */
  readonly prompt: string
  readonly titleOnly: boolean
  /** True for replayed recordings: nothing was paid. */
  readonly recorded: boolean
}

/** A finished run of an agent on a past feature. */
export interface BacktestRun extends BacktestRunKey, Changes {
  /** End of the run, milliseconds since 1970. */
  readonly at: number
  readonly effort: string | null
  readonly stop: string
  readonly reason: string | null
  readonly usage: Usage
  readonly ms: number
  readonly transcript: string
}

const RUN_COLUMNS = `at, task, arm, steps, model, prompt, title_only AS titleOnly, recorded, effort, stop, reason, modified, created, deleted,
  calls, input_tokens AS inputTokens, cached_tokens AS cachedTokens, output_tokens AS outputTokens, usd, ms, transcript`

type RunRow = Omit<BacktestRun, 'titleOnly' | 'recorded' | keyof Changes | 'usage'> &
  Usage & { titleOnly: number; recorded: number } & Record<keyof Changes, string>

export type Backtests = ReturnType<typeof backtestsOf>

/** Receipts of backtests, and the runs of agents that they paid for. */
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

    fail: (id: number, at: number, scored: number, reason: string) =>
      db.run(
        "UPDATE backtest SET ended_at = ?, scored = ?, stop = 'failed', reason = ? WHERE id = ?",
        at,
        scored,
        reason,
        id,
      ),

    /** Newest first. */
    receipts: (limit: number): BacktestReceipt[] =>
      db
        .all<Omit<BacktestReceipt, 'titleOnly' | 'figures'> & { titleOnly: number; figures: string }>(
          `SELECT id, started_at AS startedAt, ended_at AS endedAt, head, planned, scored, title_only AS titleOnly, stop, reason, figures
           FROM backtest ORDER BY id DESC LIMIT ?`,
          limit,
        )
        .map((row) => ({
          ...row,
          titleOnly: row.titleOnly === 1,
          figures: readJson(row.figures, areFigures),
        })),

    saveRun: (run: BacktestRun) =>
      db.run(
        `INSERT INTO agent_run (at, task, arm, steps, model, prompt, title_only, recorded, effort, stop, reason, modified, created, deleted,
           calls, input_tokens, cached_tokens, output_tokens, usd, ms, transcript)
         VALUES (:at, :task, :arm, :steps, :model, :prompt, :titleOnly, :recorded, :effort, :stop, :reason, :modified, :created, :deleted,
           :calls, :inputTokens, :cachedTokens, :outputTokens, :usd, :ms, :transcript)`,
        {
          ...run,
          ...run.usage,
          ...flagsOf(run),
          ms: Math.round(run.ms),
          modified: JSON.stringify(run.modified),
          created: JSON.stringify(run.created),
          deleted: JSON.stringify(run.deleted),
        },
      ),

    /** The newest run of this key. null: there is none. */
    findRun(key: BacktestRunKey): BacktestRun | null {
      const row = db.get<RunRow>(
        `SELECT ${RUN_COLUMNS} FROM agent_run WHERE task = :task AND arm = :arm AND steps = :steps AND model = :model AND prompt = :prompt
           AND title_only = :titleOnly AND recorded = :recorded ORDER BY id DESC LIMIT 1`,
        { ...key, ...flagsOf(key) },
      )
      return row ? toRun(row) : null
    },

    /** All runs, newest first. */
    agentRuns: (): BacktestRun[] => db.all<RunRow>(`SELECT ${RUN_COLUMNS} FROM agent_run ORDER BY id DESC`).map(toRun),
  }
}

function flagsOf({ titleOnly, recorded }: BacktestRunKey) {
  return { titleOnly: Number(titleOnly), recorded: Number(recorded) }
}

function toRun({ calls, inputTokens, cachedTokens, outputTokens, usd, ...row }: RunRow): BacktestRun {
  return {
    ...row,
    titleOnly: row.titleOnly === 1,
    recorded: row.recorded === 1,
    modified: readJson(row.modified, areTexts),
    created: readJson(row.created, areTexts),
    deleted: readJson(row.deleted, areTexts),
    usage: { calls, inputTokens, cachedTokens, outputTokens, usd },
  }
}
