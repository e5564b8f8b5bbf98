import { once } from 'node:events'
import { printable } from '../src/text/printable.ts'
import type { Wire } from './wire.ts'

/**
 * Asks on the terminal; anything but yes is no. null: nobody can be asked, since this is no terminal, CI is set, or the output is for a
 * program.
 */
export async function confirm(wire: Wire, question: string): Promise<boolean | null> {
  if (wire.flags.json || process.env.CI || !process.stdin.isTTY || !process.stderr.isTTY) return null
  const { createInterface } = await import('node:readline/promises')
  // without `terminal`, Ctrl-C stays a signal
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    const ended = once(reader, 'close').then(() => null)
    const answer = await Promise.race([
      reader.question(`${printable(question)} [y/N] `, { signal: wire.signal }),
      ended,
    ])
    return answer === null ? null : /^\s*y(es)?\s*$/i.test(answer)
  } finally {
    reader.close()
  }
}
