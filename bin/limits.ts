import type { Budget, Limits } from '../src/llm/budget.ts'
import type { Price } from '../src/llm/prices.ts'
import type { Llm } from '../src/types.ts'
import type { Values } from './command.ts'
import type { Wire } from './wire.ts'

/** Values of --budget-tokens and --max-usd. */
export function limitsIn(values: Values): Limits {
  return { tokens: values.budgetTokens as number | undefined, usd: values.maxUsd as number | undefined }
}

/** The price of a model; null: unknown. Throws UserError if money is limited and the price is unknown. */
export async function priceFor(wire: Wire, { model }: Llm, { usd }: Limits): Promise<Price | null> {
  const [{ priceOf }, { prices, baseUrl }] = await Promise.all([import('../src/llm/prices.ts'), wire.config()])
  const price = priceOf(model, prices, baseUrl)
  if (usd === undefined || price) return price
  const { unknownPrice } = await import('../src/llm/unknown-price.ts')
  throw unknownPrice(model)
}

/** A model that keeps to limits, for commands that make one or two calls. leastOutput: as in Budget. */
export async function limited(
  wire: Wire,
  llm: Llm,
  limits: Limits,
  leastOutput: number,
): Promise<{ readonly llm: Llm; readonly budget: Budget }> {
  const [price, { Budget: Limited }] = await Promise.all([priceFor(wire, llm, limits), import('../src/llm/budget.ts')])
  const budget = new Limited(limits, price, { leastOutput })
  return { llm: budget.limit(llm), budget }
}
