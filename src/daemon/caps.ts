import type { Ledger } from '../store/ledger.ts'
import { nextMidnight, startsOf } from './hours.ts'

/** Limits on the daemon's spending; tokens are input plus output. */
export interface Caps {
  readonly passTokens?: number | undefined
  readonly passUsd?: number | undefined
  readonly dayTokens?: number | undefined
  readonly dayUsd?: number | undefined
  readonly monthTokens?: number | undefined
  readonly monthUsd?: number | undefined
}

/** What a pass may spend. */
export type PassBudget =
  /** Only free work is allowed. */
  | { readonly kind: 'free'; readonly why: string }
  /** For one pass; null: no such limit. */
  | { readonly kind: 'left'; readonly tokens: number | null; readonly usd: number | null }
  /** until: milliseconds since 1970. */
  | { readonly kind: 'reached'; readonly why: string; readonly until: number }

export interface Spent {
  readonly tokens: number
  /** null: the price of a call is unknown. */
  readonly usd: number | null
}

/** A killed pass had up to four calls in flight that no ledger has; each counts as the call for an average file. */
const LOST_TOKENS = 4 * 3000

/**
 * What passes have spent since the beginning of the day and of the month, without replayed recordings. Throws the database's errors.
 *
 * isRunning: a pass runs now; otherwise one without an end was killed.
 */
export function readSpent(
  ledger: Ledger,
  now: number,
  isRunning = false,
): { readonly day: Spent; readonly month: Spent } {
  const { day, month } = startsOf(now)
  const newestFirst = ledger.receipts(1000)
  const ended = isRunning ? newestFirst.slice(1) : newestFirst
  const killed = ended.filter((pass) => pass.endedAt === null && pass.model !== 'none')
  const since = (start: number): Spent => {
    const rows = ledger.totals(start).filter((row) => row.phase === 'sleep' && row.recorded === 0)
    const lost = killed.filter((pass) => pass.startedAt >= start).length * LOST_TOKENS
    return {
      tokens: rows.reduce((sum, row) => sum + row.inputTokens + row.outputTokens, lost),
      usd: rows.some((row) => row.usd === null) ? null : rows.reduce((sum, row) => sum + row.usd!, 0),
    }
  }
  return { day: since(day), month: since(month) }
}

/**
 * What a pass may spend now: the smallest amount that the caps leave. Fail-closed: a cap counts as reached if the spending cannot be
 * read, or if it is in US$ and a price is unknown. Without a model, or without a cap for a day or a month, nothing may be spent.
 *
 * isPriced: the model's price is known. read: throws if the ledger cannot be read.
 */
export function budgetOf(
  caps: Caps,
  model: { readonly name: string; readonly isPriced: boolean } | null,
  read: () => { readonly day: Spent; readonly month: Spent },
  now: number,
): PassBudget {
  if (!model) return { kind: 'free', why: 'no model is set' }
  const limits = Object.values(caps)
  if (limits.some((limit) => limit !== undefined && !(limit >= 0))) return reached('a cap is not a number', now)
  const { dayTokens, dayUsd, monthTokens, monthUsd } = caps
  const hasUsd = [caps.passUsd, dayUsd, monthUsd].some((cap) => cap !== undefined)
  if (hasUsd && !model.isPriced)
    return reached(`the price of ${model.name} is not known, so a cap in US$ counts as reached`, now)
  if ([dayTokens, dayUsd, monthTokens, monthUsd].every((cap) => cap === undefined))
    return { kind: 'free', why: `no cap for a day or a month is set, so ${model.name} is not asked` }
  let spent: ReturnType<typeof read>
  try {
    spent = read()
  } catch (error) {
    return reached(`what was spent cannot be read, so the cap counts as reached (${(error as Error).message})`, now)
  }
  if (hasUsd && (spent.day.usd === null || spent.month.usd === null))
    return reached('a call of this month has no known price, so a cap in US$ counts as reached', now)
  const left = eachLeft(caps, spent)
  const empty = left.find(({ tokens, usd }) => !(tokens > 0) || !(usd > 0))
  if (empty) return reached(`the cap of the ${empty.of} is reached`, now)
  const least = (values: readonly number[]) => {
    const value = Math.min(...values)
    return Number.isFinite(value) ? value : null
  }
  return {
    kind: 'left',
    tokens: least([caps.passTokens ?? Infinity, ...left.map(({ tokens }) => tokens)]),
    usd: least([caps.passUsd ?? Infinity, ...left.map(({ usd }) => usd)]),
  }
}

/** What the caps of a day and of a month still leave; Infinity: there is no such cap. of: the cap that leaves less. */
export interface CapLeft {
  readonly of: 'day' | 'month'
  readonly tokens: number
  readonly usd: number
}

export function capLeft(caps: Caps, spent: { readonly day: Spent; readonly month: Spent }): CapLeft {
  const [day, month] = eachLeft(caps, spent)
  const isMonth = month.tokens < day.tokens || (month.tokens === day.tokens && month.usd < day.usd)
  return {
    of: isMonth ? 'month' : 'day',
    tokens: Math.min(day.tokens, month.tokens),
    usd: Math.min(day.usd, month.usd),
  }
}

/** What the user can do about a cap that leaves too little. */
export function fixOfCap(of: CapLeft['of']): string {
  const until = of === 'day' ? 'tomorrow' : 'next month'
  return `raise the cap of the ${of} (caps in ~/.config/repose/config.json), or wait until ${until}`
}

/** What the user can do about settings that limit a pass. */
export function fixOfSettings(...keys: readonly string[]): string {
  return `raise ${keys.join(' or ')} in ~/.config/repose/config.json`
}

function eachLeft(
  { dayTokens, dayUsd, monthTokens, monthUsd }: Caps,
  { day, month }: { readonly day: Spent; readonly month: Spent },
): readonly [CapLeft, CapLeft] {
  const left = (of: CapLeft['of'], tokens: number | undefined, usd: number | undefined, spent: Spent): CapLeft => ({
    of,
    tokens: (tokens ?? Infinity) - spent.tokens,
    usd: (usd ?? Infinity) - (spent.usd ?? 0),
  })
  return [left('day', dayTokens, dayUsd, day), left('month', monthTokens, monthUsd, month)]
}

function reached(why: string, now: number): PassBudget {
  return { kind: 'reached', why, until: nextMidnight(now) }
}
