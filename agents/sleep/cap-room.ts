import { type CapLeft, fixOfCap } from '../../src/daemon/caps.ts'
import type { Budget, Limits } from '../../src/llm/budget.ts'
import { costUsd, type Price } from '../../src/llm/prices.ts'
import type { Store } from '../../src/store/open-store.ts'
import { LEAST_TOKENS, RAISE } from '../night/draft-backlog.ts'
import type { SleepOptions } from './sleep-options.ts'

const FIRST_DRAFT = { inputTokens: 7000, cachedTokens: 0, outputTokens: 1000 } // what a draft usually takes: docs/results.md
const TO_JUDGE = 1000 // tokens
const LAST = 3 // drafts

/** What a pass leaves of the caps for one draft. */
export interface Reserve {
  readonly tokens: number
  readonly usd: number
}

/** What a draft may take: as much as the most expensive of the last three drafts, and the call that judges the request. */
export function reserveForDraft({ backlog }: Store, price: Price | null): Reserve {
  const last = backlog.lastDrafts(LAST)
  const usual = costUsd(FIRST_DRAFT, price) ?? 0
  if (last.length === 0) return { tokens: FIRST_DRAFT.inputTokens + FIRST_DRAFT.outputTokens + TO_JUDGE, usd: usual }
  return {
    tokens: Math.max(LEAST_TOKENS, ...last.map(({ tokens }) => tokens)) + TO_JUDGE,
    usd: Math.max(...last.map(({ usd }) => usd ?? usual)),
  }
}

/**
 * Lowers the budget of the summaries, so that the caps leave room for one draft of a request to come. Returns that reserve; null: the pass's
 * own limits leave it already, or none is wanted.
 */
export function reserveDraft(
  { store, cap, reservesDraft, budget, price = null }: SleepOptions,
  spending: Budget,
): Reserve | null {
  const reserve = cap && reservesDraft ? reserveForDraft(store, price) : null
  if (!cap || !reserve || !doesBind(cap, budget, reserve)) return null
  spending.lower({ tokens: cap.tokens - reserve.tokens, usd: cap.usd - reserve.usd })
  return reserve
}

/** Why a pass writes no summary, and what helps. of: the cap that leaves no room; null: none, but a limit of the pass itself. */
export function whyNoSummary(
  { noBudget, raise = RAISE }: SleepOptions,
  budget: Budget,
  of: CapLeft['of'] | null,
  reserve: Reserve | null,
): { readonly reason: string; readonly fix: string } {
  if (noBudget) return noBudget
  const reason = budget.isSpent ? 'the budget is 0' : 'the budget has no room for a single summary that is due'
  if (of === null) return { reason, fix: `${raise}; repose sleep --dry-run says what summaries take` }
  if (reserve) return { reason: `what is left of the cap of the ${of} is kept for a draft`, fix: fixOfCap(of) }
  return { reason: `the cap of the ${of} has no room for a single summary that is due`, fix: fixOfCap(of) }
}

/** The cap that may have ended a pass: without its tokens if a limit in US$ ran out first. */
export function capIn(cap: CapLeft, lacksUsd: boolean): CapLeft {
  return lacksUsd ? { ...cap, tokens: Infinity } : cap
}

/** Whether a cap binds: without the reserve, the caps leave no more than the pass's own limits. */
export function doesBind(cap: CapLeft, limits: Limits, { tokens, usd }: Reserve = { tokens: 0, usd: 0 }): boolean {
  const isLess = (left: number, limit = Infinity) => Number.isFinite(left) && left <= limit
  return isLess(cap.tokens - tokens, limits.tokens) || isLess(cap.usd - usd, limits.usd)
}
