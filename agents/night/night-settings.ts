import type { Config } from '../../src/config/read-config.ts'
import { budgetOf, type CapLeft, capLeft, fixOfCap, fixOfSettings, readSpent } from '../../src/daemon/caps.ts'
import type { Limits } from '../../src/llm/budget.ts'
import { priceOf } from '../../src/llm/prices.ts'
import { howToState } from '../../src/llm/unknown-price.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm } from '../../src/types.ts'
import { checksFor } from '../feature/checks-for.ts'
import type { AwakeModel } from './item-cost.ts'
import type { BacklogSettings } from './night-options.ts'

/** What a pass may do with the backlog, and spend; or why it drafts nothing and what the user can do about that. */
export type Night =
  | { readonly settings: BacklogSettings; readonly limits: Limits; readonly cap: CapLeft }
  /** isLimit: a cap is reached. */
  | { readonly settings: null; readonly why: string; readonly fix: string; readonly isLimit: boolean }

const FIX_OF_DRAFT =
  'say so in ~/.config/repose/config.json: {"backlog": {"draft": true}, "caps": {"dayTokens": 200000}}'

/** Reads the settings of a night. Requests are drafted only if the user's own configuration says so and has a cap. */
export function nightOf(config: Config, repo: Repo, store: Store, llm: Llm | null, now: number): Night {
  if (!config.backlog.draft) return nothing('your configuration does not say backlog.draft', FIX_OF_DRAFT)
  const capped = capsOf(config, store, llm, now)
  if (capped.kind === 'free')
    return nothing(capped.why, llm ? FIX_OF_DRAFT : 'set REPOSE_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL')
  if (capped.kind === 'reached') return { ...nothing(capped.why, capped.fix), isLimit: capped.isLimit }
  return { settings: backlogSettings(config, repo), limits: capped.limits, cap: capped.cap }
}

/** What the caps of the user leave for a pass. 'free': there is no cap for a day or a month. isLimit: one is used up. */
export type Capped =
  /** limits: the caps of a pass. */
  | { readonly kind: 'free'; readonly why: string; readonly limits: Limits }
  /** limits: what all caps leave, those of a pass included. cap: what only those of day and month leave. */
  | { readonly kind: 'left'; readonly limits: Limits; readonly cap: CapLeft }
  | { readonly kind: 'reached'; readonly why: string; readonly fix: string; readonly isLimit: boolean }

/** Reads what the caps leave. They fail closed: one that cannot be checked counts as reached. */
export function capsOf(config: Config, store: Store, llm: Llm | null, now: number): Capped {
  const model = llm && {
    name: llm.model,
    isPriced: priceOf(llm.model, config.prices, config.baseUrl) !== null,
  }
  const budget = budgetOf(config.caps, model, () => readSpent(store.ledger, now), now)
  const { passTokens, passUsd } = config.caps
  if (budget.kind === 'free') return { ...budget, limits: { tokens: passTokens, usd: passUsd } }
  const { kind } = budget
  if (kind === 'left')
    return {
      kind,
      limits: { tokens: budget.tokens ?? undefined, usd: budget.usd ?? undefined },
      cap: capLeft(config.caps, readSpent(store.ledger, now)),
    }
  const hasUsd = [config.caps.passUsd, config.caps.dayUsd, config.caps.monthUsd].some((cap) => cap !== undefined)
  const fix =
    model && !model.isPriced && hasUsd
      ? `${howToState(model.name)}, or set caps in tokens only`
      : /month is reached/.test(budget.why)
        ? fixOfCap('month')
        : fixOfCap('day')
  return { kind, why: budget.why, fix, isLimit: !(model && !model.isPriced && hasUsd) }
}

/** The limits of a pass: of what was asked for and what the caps leave, the stricter. */
export function limitsOfPass(
  asked: Limits,
  capped: Capped,
): {
  readonly budget: Limits
  /** undefined: there is no cap of a day or a month, or it is reached. */
  readonly cap: CapLeft | undefined
  /** Tells the user how to raise the budget; undefined: by the options of the command. */
  readonly raise: string | undefined
  /** Why nothing may be spent. */
  readonly noBudget: { readonly reason: string; readonly fix: string } | undefined
} {
  const left = capped.kind === 'reached' ? { tokens: 0 } : capped.limits
  return {
    budget: { tokens: leastOf(asked.tokens, left.tokens), usd: leastOf(asked.usd, left.usd) },
    raise: fixOfPass(asked, left),
    cap: capped.kind === 'left' ? capped.cap : undefined,
    noBudget: capped.kind === 'reached' ? { reason: capped.why, fix: capped.fix } : undefined,
  }
}

function fixOfPass(asked: Limits, caps: Limits): string | undefined {
  const isLess = (cap: number | undefined, one = Infinity) => cap !== undefined && cap < one
  const keys = [
    ...(isLess(caps.tokens, asked.tokens) ? ['caps.passTokens'] : []),
    ...(isLess(caps.usd, asked.usd) ? ['caps.passUsd'] : []),
  ]
  if (keys.length === 0) return undefined
  const isOfUser = asked.usd !== undefined && !keys.includes('caps.passUsd')
  return `${fixOfSettings(...keys)}${isOfUser ? ', or --max-usd' : ''}`
}

function leastOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

/** The model that would be asked awake, for what a draft would have cost then; null: none is set. */
export function awakeModel({ model, prices, baseUrl }: Config): AwakeModel | null {
  return model === undefined ? null : { model, price: priceOf(model, prices, baseUrl) }
}

/** Settings of the drafts, with the checks that may run: the user's, else those of the repository if the user trusts them. */
export function backlogSettings(config: Config, repo: Repo): BacklogSettings {
  const { checkTimeoutMs, cage, maxFileBytes, backlog } = config
  const { commands: checks, untrusted } = checksFor(config, repo, undefined)
  return { checks, untrusted, checkTimeoutMs, cage, maxFileBytes, drafts: backlog.drafts, forecasts: backlog.forecasts }
}

function nothing(why: string, fix: string) {
  return { settings: null, why, fix, isLimit: false }
}
