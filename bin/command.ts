import type { Wire } from './wire.ts'

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130

/** A path, or the run of a kept result. */
export type Takes = 'file' | 'folder' | 'result'

export interface Option {
  /** In commander's notation: '--budget-tokens <n>'. */
  readonly flags: string
  readonly text: string
  /** Numbers may be written 30000, 30_000, 30k and 1.5M. */
  readonly kind?: 'integer' | 'number' | 'list'
  /** The only words that it accepts. */
  readonly choices?: readonly string[]
  /** For shell completion. */
  readonly takes?: Takes
  /** Environment variable with its value, if the option is not given. */
  readonly env?: string
  /** Smallest and largest number that it accepts (default: 0, no limit). */
  readonly least?: number
  readonly most?: number
}

export interface Argument {
  readonly name: string
  readonly text: string
  readonly isOptional?: boolean
  /** The only words that it accepts. */
  readonly choices?: readonly string[]
  /** For shell completion. */
  readonly takes?: Takes
}

export type Values = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** One verb of the command line. Its module loads nothing heavy before `run` is called. */
export interface Command {
  readonly name: string
  /** One line, shown by --help and in docs/cli.md. */
  readonly summary: string
  /** One or two more sentences, for the command's own help. */
  readonly details?: string
  readonly argument?: Argument
  /** Any number of further words, given to run() as `values.rest`. */
  readonly rest?: Argument
  readonly options: readonly Option[]
  readonly examples: readonly string[]
  /** argument: '' if there is none. Data goes to wire.print; progress and remarks go to wire.say. */
  run(wire: Wire, argument: string, values: Values): Promise<ExitCode>
}
