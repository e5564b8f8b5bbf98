import type { Usage } from '../types.ts'
import { Exactly } from './clean-parameters.ts'
import type { Db } from './db.ts'
import { areTexts, readJson } from './json-column.ts'

const LONGEST_LOOK = 1000 // characters
const MOST_LOOKS = 1000

export interface CallRecord {
  readonly at: number
  /** 'backtest': a measurement on past features, which no user asked for. */
  readonly phase: 'sleep' | 'awake' | 'backtest'
  readonly pass?: number
  readonly request?: number
  readonly purpose: string
  readonly model: string
  readonly stop: string
  readonly usage: Usage
  readonly ms: number
  /** True for a replayed recording: nothing was paid. */
  readonly recorded?: boolean
}

export interface Receipt extends Totals {
  readonly id: number
  readonly startedAt: number
  readonly endedAt: number | null
  /** Absolute path of the working tree; null: not known. */
  readonly root: string | null
  readonly model: string
  readonly stop: string | null
  readonly reason: string | null
  readonly written: number
  readonly reused: number
  readonly rejected: number
  readonly notes: readonly string[]
}

// max(..., 0): no call may reduce what others have spent. usd is null for a group if the price of one of its calls is unknown.
const TOTALS = `total(max(attempts, 1)) AS calls, total(max(attempts, 1) - (call.stop <> 'failed')) AS failed, total(max(input_tokens, 0)) AS inputTokens, total(max(cached_tokens, 0)) AS cachedTokens,
  total(max(output_tokens, 0)) AS outputTokens, CASE WHEN count(call.id) = count(usd) THEN total(max(usd, 0)) END AS usd`

export interface Totals extends Usage {
  /** Number of calls that failed, including attempts that were repeated. */
  readonly failed: number
}

export interface ImplementedRequest {
  readonly text: string
  /** Paths in the first list that it was shown. */
  readonly packed: readonly string[]
  /** What the agent asked to see: 'src/a.ts#f', 'src/a.ts:1-9', 'search x in y'. */
  readonly opened: readonly string[]
  /** Paths that it changed. */
  readonly changed: readonly string[]
}

export type Ledger = ReturnType<typeof ledgerOf>

const BACKTEST = 'backtest'

/** The same ledger for a backtest, which marks its requests and calls as not the user's. */
export function backtestLedger(ledger: Ledger): Ledger {
  return {
    ...ledger,
    addCall: (call) => ledger.addCall({ ...call, phase: BACKTEST }),
    startRequest: (at, _command, text, packed) => ledger.startRequest(at, BACKTEST, text, packed),
  }
}

/**
 * The same ledger, in which implemented() returns only requests before a time (milliseconds since 1970): for replaying
 * recordings of that time.
 */
export function ledgerAsOf(ledger: Ledger, time: number): Ledger {
  return { ...ledger, implemented: (limit, before = Infinity) => ledger.implemented(limit, Math.min(time, before)) }
}

/** Every model call, with the pass or request that made it. */
export function ledgerOf(db: Db) {
  return {
    /** The number by which a request is kept; null: it is not kept, since it belongs to a dry run and has paid nothing. */
    keptAs: (request: number): number | null => request,

    addCall: (call: CallRecord) =>
      db.run(
        `INSERT INTO call (at, phase, pass, request, purpose, model, stop, input_tokens, cached_tokens, output_tokens, usd, ms, recorded, attempts)
         VALUES (:at, :phase, :pass, :request, :purpose, :model, :stop, :inputTokens, :cachedTokens, :outputTokens, :usd, :ms, :recorded, :attempts)`,
        {
          ...call,
          ...call.usage,
          pass: call.pass ?? null,
          request: call.request ?? null,
          ms: Math.round(call.ms),
          recorded: call.recorded ? 1 : 0,
          attempts: Math.max(1, call.usage.calls), // the usage of a refused call counts no attempt
        },
      ),

    /** The end of a call that was left with the Batch API, in place of its estimate. */
    settleCall: (id: number, stop: string, { inputTokens, cachedTokens, outputTokens, usd }: Usage) =>
      void db.run(
        "UPDATE call SET stop = ?, input_tokens = ?, cached_tokens = ?, output_tokens = ?, usd = ? WHERE id = ? AND stop = 'deferred'",
        ...[stop, inputTokens, cachedTokens, outputTokens, usd, id],
      ),

    startPass: (at: number, model: string, root: string) =>
      db.run('INSERT INTO pass (started_at, model, root) VALUES (?, ?, ?)', at, model, new Exactly(root)).id,

    /** Updates the counts of a pass, so that a killed pass leaves a receipt too. */
    notePass: (id: number, counts: { written: number; reused: number; rejected: number; notes: readonly string[] }) =>
      db.run(
        'UPDATE pass SET written = :written, reused = :reused, rejected = :rejected, notes = :notes WHERE id = :id',
        { id, ...counts, notes: JSON.stringify(counts.notes) },
      ),

    endPass: (id: number, at: number, stop: string, reason: string | null) =>
      db.run('UPDATE pass SET ended_at = ?, stop = ?, reason = ? WHERE id = ?', at, stop, reason, id),

    startRequest: (at: number, command: string, text: string, packed: readonly string[]) =>
      db.run(
        'INSERT INTO request (asked_at, command, text, packed) VALUES (?, ?, ?, ?)',
        at,
        command,
        text,
        JSON.stringify(packed),
      ).id,

    /** Stores the paths in the first list of a request. */
    notePacked: (id: number, packed: readonly string[]) =>
      db.run('UPDATE request SET packed = ? WHERE id = ?', JSON.stringify(packed), id),

    /** opened: looks above LONGEST_LOOK or MOST_LOOKS are left out. */
    endRequest: (id: number, stop: string, opened: readonly string[], changed: readonly string[]) =>
      db.run(
        'UPDATE request SET stop = ?, opened = ?, changed = ? WHERE id = ?',
        stop,
        JSON.stringify(opened.filter((look) => look.length <= LONGEST_LOOK).slice(0, MOST_LOOKS)),
        JSON.stringify(changed),
        id,
      ),

    /**
     * The newest requests that a model implemented to the end, newest first, with what they listed, opened and changed.
     * Replayed recordings are left out: they say nothing new. before: milliseconds since 1970.
     */
    implemented: (limit: number, before = Infinity): ImplementedRequest[] =>
      db
        .all<Record<keyof ImplementedRequest, string>>(
          `SELECT text, packed, opened, changed FROM request WHERE command = 'implement' AND stop = 'done' AND asked_at < ?
             AND NOT EXISTS (SELECT 1 FROM call WHERE call.request = request.id AND recorded = 1) ORDER BY id DESC LIMIT ?`,
          before,
          limit,
        )
        .map(({ text, packed, opened, changed }) => ({
          text,
          packed: readJson(packed, areTexts),
          opened: readJson(opened, areTexts),
          changed: readJson(changed, areTexts),
        })),

    /** Newest first. root: only of this working tree. */
    receipts(limit: number, root: string | null = null): Receipt[] {
      return db
        .all<Omit<Receipt, 'notes'> & { notes: string }>(
          `SELECT pass.id, started_at AS startedAt, ended_at AS endedAt, root, pass.model, pass.stop, reason, written, reused, rejected, notes, ${TOTALS}
           FROM pass LEFT JOIN call ON call.pass = pass.id WHERE ? IS NULL OR root = ? GROUP BY pass.id ORDER BY pass.id DESC LIMIT ?`,
          root,
          root,
          limit,
        )
        .map((row) => ({ ...row, notes: readJson(row.notes, areTexts) }))
    },

    /** Totals of calls at or after `since` (milliseconds since 1970), by phase, purpose and model, with replayed recordings apart. */
    totals: (since: number) =>
      db.all<Totals & { phase: string; purpose: string; model: string; recorded: number }>(
        `SELECT phase, purpose, model, recorded, ${TOTALS} FROM call WHERE at >= ? GROUP BY phase, purpose, model, recorded ORDER BY phase, inputTokens + outputTokens DESC`,
        since,
      ),

    /** Requests of users, newest first; those of backtests are left out. */
    requests: (limit: number) =>
      db.all<Totals & { id: number; askedAt: number; command: string; text: string; stop: string | null }>(
        `SELECT request.id, asked_at AS askedAt, command, text, request.stop, ${TOTALS}
         FROM request LEFT JOIN call ON call.request = request.id WHERE command <> '${BACKTEST}' GROUP BY request.id ORDER BY request.id DESC LIMIT ?`,
        limit,
      ),
  }
}
