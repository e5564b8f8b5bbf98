import { UserError } from '../src/errors.ts'

const MOST = 1_000_000 // bytes; a longer one has no clear request

/** What the words are, and how they are given. */
interface TextKind {
  readonly noun: string
  readonly example: string
}

const OF_CONTEXT: TextKind = { noun: 'request', example: 'repose context "Add a CSV output format"' }
export const REQUEST: TextKind = { noun: 'request', example: 'repose implement "Add a CSV output format"' }
export const QUESTION: TextKind = { noun: 'question', example: 'repose ask "Where are prices rounded?"' }

/**
 * The text of a request: the argument, or standard input for '-'. Throws UserError if it is empty or more than 1 MB, and the signal's
 * reason when aborted.
 */
export async function requestText(
  argument: string,
  signal: AbortSignal,
  asked: TextKind = OF_CONTEXT,
): Promise<string> {
  const words = (argument === '-' ? await readInput(signal, MOST, asked.noun) : argument).trim()
  if (!words) throw new UserError(`the ${asked.noun} is empty`, `say what you want, for instance: ${asked.example}`)
  return words
}

/** Standard input as text. Throws UserError if it is longer than `most` bytes, and the signal's reason when aborted. */
export async function readInput(signal: AbortSignal, most: number, noun: string): Promise<string> {
  signal.throwIfAborted()
  const { stdin } = process
  const stop = () => stdin.destroy()
  signal.addEventListener('abort', stop, { once: true })
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stdin) {
      chunks.push(chunk as Buffer)
      bytes += (chunk as Buffer).length
      if (bytes > most)
        throw new UserError(`the ${noun} is longer than ${most / 1e6} MB`, 'say what you want in fewer words')
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  return Buffer.concat(chunks).toString('utf8')
}
