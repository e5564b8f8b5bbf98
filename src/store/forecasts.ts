import type { Db } from './db.ts'
import { areTexts, readJson } from './json-column.ts'

export interface StoredForecast {
  readonly item: number
  readonly request: string
  /** Milliseconds since 1970. */
  readonly madeAt: number
  /** Commit at which it was made. */
  readonly head: string
  readonly likelihood: number
  readonly files: readonly string[]
  readonly evidence: readonly StoredEvidence[]
  readonly outcome: ForecastOutcome
  /** The commit that did it, or the request that asked for it; null: none. */
  readonly hit: string | null
}

/** 'dropped': the user did not want it. */
export type ForecastOutcome = 'open' | 'hit' | 'missed' | 'dropped'

export interface StoredEvidence {
  readonly kind: string
  readonly place: string
  readonly text: string
}

export type ForecastStore = ReturnType<typeof forecastsOf>

type Row = Omit<StoredForecast, 'files' | 'evidence' | 'outcome'> & {
  readonly files: string
  readonly evidence: string
  readonly outcome: string
}

/** Requests that are likely to come, beside their items of the backlog, and what became of them. */
export function forecastsOf(db: Db) {
  return {
    /** Saves what one question found. */
    add: (
      run: { readonly at: number; readonly head: string; readonly refused: number },
      forecasts: readonly Pick<StoredForecast, 'item' | 'likelihood' | 'files' | 'evidence'>[],
    ) =>
      db.transaction(() => {
        db.run(
          'INSERT INTO forecast_run (made_at, head, proposed, refused) VALUES (?, ?, ?, ?)',
          ...[run.at, run.head, forecasts.length + run.refused, run.refused],
        )
        for (const { item, likelihood, files, evidence } of forecasts)
          db.run(
            `INSERT OR REPLACE INTO forecast (item, made_at, head, likelihood, files, evidence, outcome)
             VALUES (?, ?, ?, ?, ?, ?, 'open')`,
            ...[item, run.at, run.head, likelihood, JSON.stringify(files), JSON.stringify(evidence)],
          )
      }),

    /** Newest first; of one question the likeliest first. */
    all: (): StoredForecast[] =>
      db
        .all<Row>(
          `SELECT item, request, made_at AS madeAt, head, likelihood, files, evidence,
             CASE WHEN outcome = 'open' AND state = 'dropped' THEN 'dropped' ELSE outcome END AS outcome, hit
           FROM forecast JOIN backlog_item ON backlog_item.id = item ORDER BY made_at DESC, likelihood DESC, item`,
        )
        .map((row) => ({
          ...row,
          outcome: isOutcome(row.outcome) ? row.outcome : 'open',
          files: readJson(row.files, areTexts),
          evidence: readJson(row.evidence, areEvidence),
        })),

    end: (item: number, outcome: 'hit' | 'missed', hit: string | null) =>
      void db.run('UPDATE forecast SET outcome = ?, hit = ? WHERE item = ?', outcome, hit, item),

    /** When the model was last asked, and how much of its answer was kept; null: never. */
    lastRun: () =>
      db.get<{ madeAt: number; proposed: number; refused: number }>(
        'SELECT made_at AS madeAt, proposed, refused FROM forecast_run ORDER BY id DESC LIMIT 1',
      ) ?? null,
  }
}

function isOutcome(text: string): text is ForecastOutcome {
  return text === 'open' || text === 'hit' || text === 'missed' || text === 'dropped'
}

function areEvidence(value: unknown): value is StoredEvidence[] {
  return (
    Array.isArray(value) &&
    value.every((one) => [one?.kind, one?.place, one?.text].every((text) => typeof text === 'string'))
  )
}
