import type { TokenCounts } from './count-usage.ts'

/** US dollars per million tokens. */
export interface Price {
  readonly inputPerMillion: number
  readonly cachedPerMillion: number
  readonly outputPerMillion: number
  /** Source of the numbers. */
  readonly source: string
}

/** A price set by the user. Without `cachedPerMillion`, cached input costs as much as other input. */
export interface OwnPrice {
  readonly inputPerMillion: number
  readonly cachedPerMillion?: number | undefined
  readonly outputPerMillion: number
}

// github.com/simonw/llm-prices, data/openai.json at 723ef0bd (2026-08-05), read 2026-11-25. Confirmed by second sources: input and output
// of all but o4-mini by huggingface.co/SciCode/dataset-builder (show_pricing.py); with cached input, gpt-5-mini by
// github.com/anomalyco/models.dev at 8734c00c and o4-mini by helicone.ai/model/o4-mini.
const SOURCE = 'simonw/llm-prices, 2026-08-05'

/**
 * Standard tier, [input, cached input, output]. Dated snapshots are left out: some had other prices
 * (gpt-4o-2024-05-13).
 */
const LISTED: Readonly<Record<string, readonly [number, number, number]>> = {
  'gpt-5': [1.25, 0.125, 10],
  'gpt-5-mini': [0.25, 0.025, 2],
  'gpt-5-nano': [0.05, 0.005, 0.4],
  'gpt-4.1': [2, 0.5, 8],
  'gpt-4.1-mini': [0.4, 0.1, 1.6],
  'gpt-4.1-nano': [0.1, 0.025, 0.4],
  'gpt-4o': [2.5, 1.25, 10],
  'gpt-4o-mini': [0.15, 0.075, 0.6],
  'o4-mini': [1.1, 0.275, 4.4],
}

// Flex is "priced at Batch API rates" (developers.openai.com/api/docs/guides/flex-processing), which is
// "a 50% discount compared with Standard" (learn.microsoft.com/azure/foundry/openai/how-to/flex-processing). Read 2026-11-25.
const FLEX_FACTOR = 0.5

/**
 * The price of a model; null: unknown. The user's own price (by model name) has precedence. A model served from this machine (`baseUrl`)
 * has no list price, whatever its name.
 */
export function priceOf(
  model: string,
  overrides: Readonly<Record<string, OwnPrice>> = {},
  baseUrl?: string,
): Price | null {
  if (Object.hasOwn(overrides, model)) {
    const own = overrides[model]!
    return { ...own, cachedPerMillion: own.cachedPerMillion ?? own.inputPerMillion, source: 'configuration' }
  }
  if (!Object.hasOwn(LISTED, model) || (baseUrl && isLocal(baseUrl))) return null
  const [inputPerMillion, cachedPerMillion, outputPerMillion] = LISTED[model]!
  return { inputPerMillion, cachedPerMillion, outputPerMillion, source: SOURCE }
}

/**
 * US dollars for one call; null: price unknown. `tier`: as reported by the endpoint (the SDK's reference: its `service_tier` may differ
 * from the requested one); 'flex' halves the price.
 */
export function costUsd(tokens: TokenCounts, price: Price | null, tier?: string | null): number | null {
  if (!price) return null
  const usd =
    ((tokens.inputTokens - tokens.cachedTokens) * price.inputPerMillion +
      tokens.cachedTokens * price.cachedPerMillion +
      tokens.outputTokens * price.outputPerMillion) /
    1_000_000
  return tier === 'flex' ? usd * FLEX_FACTOR : usd
}

function isLocal(baseUrl: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0'].includes(new URL(baseUrl).hostname)
}
