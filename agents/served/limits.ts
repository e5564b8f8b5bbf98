import { UserError } from '../../src/errors.ts'
import { countTokens } from '../../src/tokens/tokens.ts'

const MOST_BYTES = 1_000_000 // as on the command line; a longer text has no clear request

/** A text that a client sent. Throws UserError if it is empty or too long. noun: 'request'. */
export function givenText(text: string, noun: string): string {
  const words = text.trim()
  if (words === '')
    throw new UserError(
      `the ${noun} is empty`,
      noun === 'request' ? 'say what you want, in a title and more lines if you like' : 'say what you look for',
    )
  if (Buffer.byteLength(words) > MOST_BYTES)
    throw new UserError(`the ${noun} is longer than ${MOST_BYTES / 1e6} MB`, 'say it in fewer words')
  return words
}

/** As many whole lines from the start as fit into `tokens`, and the number of lines that do not. O(lines) counts of a line. */
export function clipLines(text: string, tokens: number): { readonly text: string; readonly cut: number } {
  if (countTokens(text) <= tokens) return { text, cut: 0 }
  const lines = text.split('\n')
  let spent = 0
  const fit = lines.findIndex((line) => {
    spent += countTokens(`${line}\n`)
    return spent > tokens
  })
  return { text: lines.slice(0, fit).join('\n'), cut: lines.length - fit }
}

/** '(3 more lines', to be continued with what to do. */
export function sayCut(lines: number): string {
  return `(${lines} more ${lines === 1 ? 'line' : 'lines'}`
}
