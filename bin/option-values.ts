import { Option as Flag } from 'commander'
import { parseAmount } from '../src/config/amount.ts'
import { UserError } from '../src/errors.ts'
import type { Command, Option, Values } from './command.ts'

type Parse = (value: string, before: unknown) => unknown

/** Parses the value of an option. Throws UserError if it is not accepted. An empty value is an unset variable. */
export function parserOf(option: Option): Parse {
  const { flags, kind, choices } = option
  const name = longest(flags)
  if (kind === 'integer' || kind === 'number') return (value) => readNumber(name, option, value)
  const read = (value: string) => {
    if (value.trim() === '') throw new UserError(`${name} takes something that is not empty`, FIX)
    if (choices && !choices.includes(value))
      throw new UserError(`${name} takes ${oneOf(choices)}, not '${value}'`, `choose one of them; ${FIX}`)
    return value
  }
  if (kind === 'list') return (value, before) => [...((before as string[] | undefined) ?? []), read(value)]
  return read
}

/** The values, with those of environment variables for missing options. An empty variable is unset. */
export function withEnvironment({ options }: Command, values: Values, env: NodeJS.ProcessEnv): Values {
  const given = options.flatMap((option) => {
    const text = option.env && env[option.env]
    const name = valueName(option)
    if (!text || values[name] !== undefined) return []
    return [[name, parserOf({ ...option, flags: option.env! })(text, undefined)] as const]
  })
  return { ...values, ...Object.fromEntries(given) } as Values
}

/** 'a', 'a or b', 'a, b or c'. */
export function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

const FIX = 'repose help COMMAND shows what each option takes'

function readNumber(name: string, { kind, least = 0, most }: Option, value: string): number {
  const exact = kind === 'integer' ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE
  const number = parseAmount(value)
  const isInRange = number !== null && number >= least && number <= (most ?? exact)
  if (isInRange && (kind === 'number' || Number.isInteger(number))) return number
  const isTooLarge = number !== null && number > exact
  const like =
    most !== undefined && most < 1000 ? `${least}` : kind === 'integer' ? '30000, 30_000, 30k or 1.5M' : '0.5, 20 or 1k'
  const to = most === undefined && !isTooLarge ? 'up' : `to ${most ?? exact}`
  throw new UserError(
    `${name} takes ${kind === 'integer' ? 'a whole number' : 'a number'} from ${least} ${to}, not '${value}'`,
    `write it like ${like}; ${FIX}`,
  )
}

/** '-q, --quiet' -> '--quiet'. */
function longest(flags: string): string {
  return flags.split(/[ ,|]+/).reduce((name, word) => (word.startsWith('--') || name === '' ? word : name), '')
}

/** '--max-usd <x>' -> 'maxUsd', commander's name for its value. */
function valueName({ flags }: Option): string {
  return new Flag(flags).attributeName()
}
