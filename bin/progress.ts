import type { WriteStream } from 'node:tty'
import { printable } from '../src/printable.ts'

const EVERY_MS = 100 // on a terminal: the line is written anew
const PLAIN_EVERY_MS = 10_000 // elsewhere: a line of its own

/** One line that tells how far a long job is: rewritten in place on a terminal, a plain line now and then elsewhere. */
export class Progress {
  readonly #out: WriteStream
  readonly #startedAt = performance.now()
  #shownAt = -Infinity
  #width = 0

  constructor(out: WriteStream) {
    this.#out = out
    if (!out.isTTY) this.#shownAt = performance.now()
  }

  show(text: string): void {
    const now = performance.now()
    if (now - this.#shownAt < (this.#out.isTTY ? EVERY_MS : PLAIN_EVERY_MS)) return
    this.#shownAt = now
    const shown = printable(text).replaceAll('\n', ' ')
    if (!this.#out.isTTY) this.#out.write(`${shown}\n`)
    else {
      const line = shown.slice(0, (this.#out.columns || 80) - 1)
      this.#out.write(`\r${line.padEnd(this.#width)}`)
      this.#width = line.length
    }
  }

  /** For steps of a second or so: elsewhere than on a terminal single ones of them would say nothing. */
  showOnTerminal(text: string): void {
    if (this.#out.isTTY) this.show(text)
  }

  /** Takes the line off the terminal. Returns seconds since the start. */
  end(): number {
    if (this.#out.isTTY && this.#width > 0) this.#out.write(`\r${' '.repeat(this.#width)}\r`)
    this.#width = 0
    return (performance.now() - this.#startedAt) / 1000
  }
}
