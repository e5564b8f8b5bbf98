import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'

/** Whether somebody sits there who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** Asks on the terminal. Only 'y' and 'yes' are a yes; the end of input and Ctrl-C are a no. */
export async function askYes(question: string, signal: AbortSignal): Promise<boolean> {
  // not as a terminal: Ctrl-C then reaches the process as always
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    const answer = await Promise.race([
      lines.question(`${question} [y/N] `, { signal }).catch(() => ''),
      once(lines, 'close').then(() => ''),
    ])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
