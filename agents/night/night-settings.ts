import type { Config } from '../../src/config/read-config.ts'
import { budgetOf, readSpent } from '../../src/daemon/caps.ts'
import type { Limits } from '../../src/llm/budget.ts'
import { priceOf } from '../../src/llm/prices.ts'
import { howToState } from '../../src/llm/unknown-price.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm } from '../../src/types.ts'
import { checksFor } from '../feature/checks-for.ts'
import type { BacklogSettings } from './night-options.ts'

/** What a pass may do with the backlog, and spend; or why it drafts nothing and what the user can do about that. */
export type Night =
  | { readonly settings: BacklogSettings; readonly limits: Limits }
  /** isLimit: a cap is reached. */
  | { readonly settings: null; readonly why: string; readonly fix: string; readonly isLimit: boolean }

const FIX_OF_DRAFT =
  'say so in ~/.config/repose/config.json: {"backlog": {"draft": true}, "caps": {"dayTokens": 200000}}'

/** Reads the settings of a night. Requests are drafted only if the user's own configuration says so and has a cap. */
export function nightOf(config: Config, repo: Repo, store: Store, llm: Llm | null, now: number): Night {
  if (!config.backlog.draft) return nothing('your configuration does not say backlog.draft', FIX_OF_DRAFT)
  const model = llm && {
    name: llm.model,
    isPriced: priceOf(llm.model, config.prices, config.baseUrl) !== null,
  }
  const budget = budgetOf(config.caps, model, () => readSpent(store.ledger, now), now)
  if (budget.kind === 'free')
    return nothing(budget.why, llm ? FIX_OF_DRAFT : 'set REPOSE_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL')
  const hasUsd = [config.caps.passUsd, config.caps.dayUsd, config.caps.monthUsd].some((cap) => cap !== undefined)
  if (budget.kind === 'reached' && model && !model.isPriced && hasUsd)
    return nothing(budget.why, `${howToState(model.name)}, or set caps in tokens only`)
  if (budget.kind === 'reached')
    return { ...nothing(budget.why, 'raise the cap in ~/.config/repose/config.json, or wait'), isLimit: true }
  return {
    settings: backlogSettings(config, repo),
    limits: { tokens: budget.tokens ?? undefined, usd: budget.usd ?? undefined },
  }
}

/** Settings of the drafts, with the checks that may run: the user's, else those of the repository if the user trusts them. */
export function backlogSettings(config: Config, repo: Repo): BacklogSettings {
  const { checkTimeoutMs, cage, maxFileBytes, backlog } = config
  const { commands: checks, untrusted } = checksFor(config, repo, undefined)
  return { checks, untrusted, checkTimeoutMs, cage, maxFileBytes, drafts: backlog.drafts }
}

function nothing(why: string, fix: string) {
  return { settings: null, why, fix, isLimit: false }
}
