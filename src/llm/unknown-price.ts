import { UserError } from '../errors.ts'

/** The error for a limit in US$ on a model without a known price; its fix says how to state the price. */
export function unknownPrice(model: string): UserError {
  return new UserError(
    `the price of model ${model} is unknown, so --max-usd cannot be kept`,
    `${howToState(model)}, or limit the tokens: --budget-tokens`,
  )
}

export function howToState(model: string): string {
  const price = JSON.stringify({ prices: { [model]: { inputPerMillion: 0.25, outputPerMillion: 2 } } })
  return `state it in ~/.config/repose/config.json, as in ${price}`
}
