import type { Evidence } from '../../src/backlog/evidence/evidence.ts'
import { keyOfWords } from '../../src/backlog/read-items.ts'
import type { Budget } from '../../src/llm/budget.ts'
import { meteredLlm } from '../../src/llm/meter.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm } from '../../src/types.ts'
import type { BatchCalls } from './batch-calls.ts'
import { type Forecasts, forecast } from './forecast.ts'
import { gatherEvidence } from './gather-evidence.ts'
import { recentCommits } from './recent-commits.ts'

const DAY = 86_400_000
export const ASKED_EVERY = 7 * DAY
const FEWEST_COMMITS = 10 // since the last question: before, the evidence is the same

const KEY = 'forecast' // one question at a time

export interface ForecastOptions {
  readonly repo: Repo
  readonly store: Store
  /** Number of the pass in the ledger. */
  readonly pass: number
  readonly llm: Llm
  readonly budget: Budget
  readonly batch?: BatchCalls | undefined
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly recorded: boolean
}

export type ForecastEnd =
  /** isDue: the evidence is what it was at the last question, or not. */
  | { readonly kind: 'not-due' | 'left' }
  | { readonly kind: 'made'; readonly items: readonly number[]; readonly refused: number }
  | { readonly kind: 'failed'; readonly problem: string; readonly fix: string | null }

/**
 * Asks for forecasts, if a week and ten commits have passed since the last question, and puts them into the backlog with a plan: the files
 * that they name. They are never drafted unless the user approves them.
 */
export async function forecastBacklog(options: ForecastOptions): Promise<ForecastEnd> {
  const { repo, store, pass, llm, budget, batch, signal, clock, recorded } = options
  if (!(await isForecastDue(repo, store, clock()))) return { kind: 'not-due' }
  const left = batch?.look(KEY)
  if (left?.isAnswered === false) return { kind: 'left' }
  const secrets = secretKeeper()
  const now = await gatherEvidence(repo.root, repo.head, secrets)
  const gathered = left && areEvidence(left.context) ? { ...now, evidence: left.context } : now // its numbers are of then
  const known = store.backlog.everyTitle()
  const run = store.ledger.startRequest(clock(), 'forecast', 'what may be asked for next', [])
  const metered = meteredLlm(
    batch?.llm(budget.limit(llm), { key: KEY, request: run, context: gathered.evidence }) ?? budget.limit(llm),
    (call) => store.ledger.addCall({ ...call, phase: 'sleep', pass, request: run, recorded }),
    secrets.redact,
  )
  const { found, problem, fix, isDeferred } = await forecast(gathered, known, metered, signal)
  const failed = signal.aborted ? 'interrupted' : 'model-failed'
  store.ledger.endRequest(run, found ? 'done' : isDeferred ? 'deferred' : failed, [], [])
  if (isDeferred) return { kind: 'left' }
  batch?.forget(KEY)
  if (found) return { kind: 'made', ...saveForecasts(found, options) }
  return budget.refused || signal.aborted ? { kind: 'left' } : { kind: 'failed', problem: problem!, fix }
}

/** Whether a week and ten commits have passed since the last question; or nobody has asked yet. */
export async function isForecastDue({ root, head }: Repo, { forecasts }: Store, now: number): Promise<boolean> {
  const last = forecasts.lastRun()
  if (!last) return true
  if (now - last.madeAt < ASKED_EVERY) return false
  const commits = await recentCommits(root, head, { most: FEWEST_COMMITS })
  return commits.length === FEWEST_COMMITS && commits.every(({ time }) => time * 1000 > last.madeAt)
}

function saveForecasts({ forecasts, refused }: Forecasts, { repo, store, clock }: ForecastOptions) {
  const at = clock()
  const { head } = repo
  return store.db.transaction(() => {
    const saved = forecasts.map((one) => {
      const item = { source: 'forecast', key: keyOfWords(one.title), url: null, author: null, request: one.title }
      const { id } = store.backlog.add({ ...item, isApproved: true }, at)
      const draft = { item: id, madeAt: at, base: head, commit: null, files: [], plan: one.files, seen: [], checks: [] }
      store.backlog.saveDraft({ ...draft, cage: null, notes: [] }, 'forecast', at)
      return { ...one, item: id }
    })
    store.forecasts.add({ at, head, refused }, saved)
    return { items: saved.map(({ item }) => item), refused }
  })
}

function areEvidence(value: unknown): value is Evidence[] {
  return (
    Array.isArray(value) &&
    value.every((one) => [one?.kind, one?.place, one?.text].every((text) => typeof text === 'string'))
  )
}
