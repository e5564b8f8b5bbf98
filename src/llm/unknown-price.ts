import { UserError } from '../errors.ts'

/** That a limit in US$ cannot be kept, and how a price is stated. */
export function unknownPrice(model: string): UserError {
  const price = JSON.stringify({ prices: { [model]: { inputPerMillion: 0.25, outputPerMillion: 2 } } })
  return new UserError(
    `the price of model ${model} is unknown, so --max-usd cannot be kept`,
    `state it in ~/.config/repose/config.json, as in ${price}, or limit the tokens: --budget-tokens`,
  )
}
