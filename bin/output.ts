import type { WriteStream } from 'node:tty'
import { printable } from '../src/text/printable.ts'
import { wrap } from './format.ts'
import { coloursWanted, type When } from './paint/colours-wanted.ts'
import { paintRemarks } from './paint/remarks.ts'
import { dim, type Paint, plain } from './paint/style.ts'
import { isReadByRunner, withoutCommands } from './runner-commands.ts'

export interface OutputFlags {
  readonly color: When
  /** Only results and errors. */
  readonly quiet: boolean
}

/** Standard output for results, standard error for remarks. */
export class Output {
  readonly #quiet: boolean
  readonly #isForRunner: boolean
  readonly #hasColours: { readonly stdout: boolean; readonly stderr: boolean }

  constructor({ color, quiet }: OutputFlags, env: NodeJS.ProcessEnv = process.env) {
    this.#quiet = quiet
    this.#isForRunner = isReadByRunner(env)
    this.#hasColours = {
      stdout: coloursWanted(color, process.stdout.isTTY === true, env),
      stderr: coloursWanted(color, process.stderr.isTTY === true, env),
    }
  }

  get isQuiet(): boolean {
    return this.#quiet
  }

  get hasColours(): boolean {
    return this.#hasColours.stdout
  }

  /** Columns of the terminal that gets the results; Infinity if it is none: then no line is broken. */
  get columns(): number {
    return widthOf(process.stdout)
  }

  /** A result; on a narrow terminal, lines are broken between words, unless isWhole. paint: its colours, if any. */
  print(text: string, paint?: Paint, isWhole?: (line: string) => boolean): void {
    this.printWhole(wrap(printable(text), this.columns, isWhole), paint)
  }

  /** A result whose lines must not be broken: a table, JSON. */
  printWhole(text: string, paint: Paint = plain): void {
    const clean = this.#clean(text)
    write(process.stdout, this.#hasColours.stdout ? paint(clean) : clean)
  }

  /** Commands to a runner of workflows, a line each. Everything in them must be escaped as the runner demands. */
  printCommands(lines: readonly string[]): void {
    for (const line of lines) write(process.stdout, printable(line))
  }

  /** A result that another program reads exactly: a diff. On a terminal, and in colour, like printWhole(). */
  printExact(text: string, paint?: Paint): void {
    if (process.stdout.isTTY || this.#hasColours.stdout) this.printWhole(text, paint)
    else write(process.stdout, text)
  }

  /** A remark. */
  say(text: string): void {
    if (!this.#quiet) this.#remark(text)
  }

  /** What happened and what to do about it, each on its own line: the form of every failure. */
  fail(what: string, fix: string): void {
    this.#remark(`error: ${what.split('\n')[0]}\nfix:   ${fix}`)
  }

  /** An error that nobody expected, with its stack. */
  bug(stack: string): void {
    write(process.stderr, `this is a bug in repose: please report it with what follows\n${this.#clean(stack)}`)
  }

  /** What is being done, and how long it took; for --verbose. */
  trace(text: string): void {
    const clean = this.#clean(text)
    write(process.stderr, this.#hasColours.stderr ? dim(clean) : clean)
  }

  /** Names and messages of others steer neither a terminal nor a runner. */
  #clean(text: string): string {
    return this.#isForRunner ? withoutCommands(printable(text)) : printable(text)
  }

  #remark(text: string): void {
    const clean = this.#clean(wrap(printable(text), widthOf(process.stderr))) // last: a line break may put a command at the start of a line
    write(process.stderr, this.#hasColours.stderr ? paintRemarks(clean) : clean)
  }
}

function widthOf(stream: WriteStream): number {
  return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY
}

function write(stream: WriteStream, text: string): void {
  stream.write(text.endsWith('\n') ? text : `${text}\n`)
}
