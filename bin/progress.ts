import type { WriteStream } from 'node:tty'
import { printable } from '../src/text/printable.ts'

const EVERY_MS = 100 // on a terminal: the line is rewritten
const PLAIN_EVERY_MS = 10_000 // elsewhere: a new line
const VERBOSE_EVERY_MS = 1000

export interface ProgressOptions {
  /** Show nothing. */
  readonly isSilent?: boolean
  /** Receives a text after each step, and every second, instead of the stream. */
  readonly every?: (text: string) => void
}

/** One line that shows the progress of a long job: rewritten in place on a terminal, a new line now and then elsewhere. */
export class Progress {
  readonly #out: WriteStream
  readonly #options: ProgressOptions
  readonly #startedAt = performance.now()
  #shownAt = Number.NEGATIVE_INFINITY
  #doing = ''
  #width = 0
  #waiting: string | (() => string) = ''
  #later: NodeJS.Timeout | undefined

  constructor(out: WriteStream, options: ProgressOptions = {}) {
    this.#out = out
    this.#options = options
    if (!out.isTTY) this.#shownAt = performance.now()
  }

  /** text: a function is called only if its text is shown. Most of thousands of steps are not. */
  show(text: string | (() => string)): void {
    const { isSilent, every } = this.#options
    if (isSilent) return
    const now = performance.now()
    const wait = every ? VERBOSE_EVERY_MS : this.#out.isTTY ? EVERY_MS : PLAIN_EVERY_MS
    const left = wait - (now - this.#shownAt)
    if (!every && left > 0) {
      this.#waiting = text
      // a long step may be the last that is told for minutes
      if (!this.#out.isTTY) this.#later ??= setTimeout(() => this.#showWaiting(), Math.ceil(left)).unref()
      return
    }
    this.#forgetLater()
    const said = typeof text === 'string' ? text : text()
    const [doing = ''] = said.split(' ')
    if (every && doing === this.#doing && left > 0) return
    this.#shownAt = now
    this.#doing = doing
    const shown = printable(said).replaceAll('\n', ' ')
    if (every) every(said)
    else if (!this.#out.isTTY) this.#out.write(`${shown}\n`)
    else {
      const line = shown.slice(0, (this.#out.columns || 80) - 1)
      this.#out.write(`\r${line.padEnd(this.#width)}`)
      this.#width = line.length
    }
  }

  /** For steps of about a second: shown only on a terminal. */
  showOnTerminal(text: string | (() => string)): void {
    if (this.#out.isTTY || this.#options.every) this.show(text)
  }

  /** Removes the line from the terminal. Returns seconds since the start. */
  end(): number {
    this.#forgetLater()
    if (this.#out.isTTY && this.#width > 0) this.#out.write(`\r${' '.repeat(this.#width)}\r`)
    this.#width = 0
    return (performance.now() - this.#startedAt) / 1000
  }

  #showWaiting(): void {
    this.#later = undefined // a timer may fire a little early: show() then sets another one
    this.show(this.#waiting)
  }

  #forgetLater(): void {
    clearTimeout(this.#later)
    this.#later = undefined
  }
}
