import type { Argument, Command, Option } from '../command.ts'
import { GLOBAL_OPTIONS } from '../global-options.ts'

/** What may be completed: one of some words, a path, the run of a kept result, or something that no shell can know. */
export type Value =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'result' | 'any' }

/**
 * A shell command that prints the kept results of this repository, one a line. fields: what awk prints. Names that repose does not give are
 * left out, since a shell would run what they say once they stand in its line.
 */
export function listResults(fields = '$1'): string {
  return `repose apply --list -q 2> /dev/null | awk 'NR > 1 && $1 ~ /^[0-9A-Za-z-]+$/ { print ${fields} }'`
}

export interface Flag {
  /** '-q', '--quiet'. */
  readonly names: readonly string[]
  readonly text: string
  /** null: it takes no value. */
  readonly value: Value | null
  readonly isRepeatable: boolean
}

export interface Verb {
  readonly name: string
  readonly text: string
  readonly flags: readonly Flag[]
  /** null: it takes no argument. */
  readonly argument: Value | null
}

export interface Words {
  readonly verbs: readonly Verb[]
  /** Options of every command, before or after its name. */
  readonly flags: readonly Flag[]
}

/** The whole command line, for shells. */
export function wordsOf(commands: readonly Command[]): Words {
  const verbs = commands.map(({ name, summary, options, argument }) => ({
    name,
    text: summary,
    flags: options.map(flagOf),
    argument: argument ? expected(argument) : null,
  }))
  const names = [...verbs.map(({ name }) => name), 'help']
  const help = {
    name: 'help',
    text: 'print the help of a command',
    flags: [],
    argument: { kind: 'words', words: names } as const,
  }
  return {
    verbs: [...verbs, help],
    flags: [
      ...GLOBAL_OPTIONS.map(flagOf),
      { names: ['-h', '--help'], text: 'print the help', value: null, isRepeatable: false },
      { names: ['-V', '--version'], text: 'print the version', value: null, isRepeatable: false },
    ],
  }
}

function flagOf(option: Option): Flag {
  const { flags, text, kind } = option
  return {
    names: flags.split(/[ ,]+/).filter((word) => word.startsWith('-')),
    text: text.split(/[;(]/)[0]!.trim(),
    value: /[<[]/.test(flags) ? expected(option) : null,
    isRepeatable: kind === 'list',
  }
}

function expected({ choices, takes }: Pick<Argument, 'choices' | 'takes'>): Value {
  if (choices) return { kind: 'words', words: choices }
  return { kind: takes ?? 'any' }
}
