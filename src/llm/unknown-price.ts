import { UserError } from '../errors.ts'

/** That a limit in US$ cannot be kept, and how a price is stated. */
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
