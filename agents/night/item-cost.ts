import { costUsd, type Price } from '../../src/llm/prices.ts'
import type { Backlog, ItemCost } from '../../src/store/backlog.ts'

export interface AwakeModel {
  readonly model: string
  /** null: not known. */
  readonly price: Price | null
}

export interface ItemCosts {
  /** Measured: every call for the item, also those that judged it and those of later drafts. */
  readonly asleep: ItemCost
  /** An estimate: the tokens of its first draft, at the price of the model that would be asked awake; null: there is none. */
  readonly awake: { readonly model: string; readonly tokens: number; readonly usd: number | null } | null
}

/** What an item has cost, and what the same agent would have cost awake. */
export function itemCost(backlog: Backlog, item: number, awake: AwakeModel | null): ItemCosts {
  const first = awake && backlog.firstDraft(item)
  return {
    asleep: backlog.cost(item),
    awake: first && {
      model: awake.model,
      tokens: first.inputTokens + first.outputTokens,
      usd: costUsd(first, awake.price),
    },
  }
}

/** '9,431 tokens in 3 calls, US$0.0040; awake about 8,500 tokens, US$0.0200 (estimate: its first draft with gpt-5)'. */
export function sayCost({ asleep, awake }: ItemCosts): string {
  const money = (usd: number | null) => (usd === null ? 'price unknown' : `US$${usd.toFixed(4)}`)
  const tokens = (count: number) => `${count.toLocaleString('en-US')} tokens`
  const calls = `${asleep.calls} ${asleep.calls === 1 ? 'call' : 'calls'}`
  const then = awake
    ? `; awake about ${tokens(awake.tokens)}, ${money(awake.usd)} (estimate: its first draft with ${awake.model})`
    : ''
  return `${tokens(asleep.tokens)} in ${calls}, ${money(asleep.usd)}${then}`
}
