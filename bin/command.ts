import type { Wire } from './wire.ts'

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130

/** A path, or the run of a kept result. */
export type Takes = 'file' | 'folder' | 'result'

export interface Option {
  /** As commander writes it: '--budget-tokens <n>'. */
  readonly flags: string
  readonly text: string
  /** Numbers may be written 30000, 30_000, 30k and 1.5M. */
  readonly kind?: 'integer' | 'number' | 'list'
  /** The only words that it takes. */
  readonly choices?: readonly string[]
  /** For the completion of the shell. */
  readonly takes?: Takes
  /** Environment variable that stands for it where it is not given. */
  readonly env?: string
  /** Smallest and largest number that it takes (default: 0, and any). */
  readonly least?: number
  readonly most?: number
}

export interface Argument {
  readonly name: string
  readonly text: string
  readonly isOptional?: boolean
  /** The only words that it takes. */
  readonly choices?: readonly string[]
  /** For the completion of the shell. */
  readonly takes?: Takes
}

export type Values = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** One verb of the command line. Its module loads nothing heavy before `run` is called. */
export interface Command {
  readonly name: string
  /** One line, shown by --help and in docs/cli.md. */
  readonly summary: string
  /** A sentence or two more, for the command's own help. */
  readonly details?: string
  readonly argument?: Argument
  readonly options: readonly Option[]
  readonly examples: readonly string[]
  /** argument: '' where the command takes none, or none was given. Data goes to wire.print, progress and remarks to wire.say. */
  run(wire: Wire, argument: string, values: Values): Promise<ExitCode>
}
