import { text } from 'node:stream/consumers'
import { UserError } from '../src/errors.ts'

/** The words of a request: the argument, or standard input for '-'. Throws UserError when there are none. */
export async function readRequest(argument: string): Promise<string> {
  const words = (argument === '-' ? await text(process.stdin) : argument).trim()
  if (!words)
    throw new UserError(
      'the request is empty',
      'say what you want, for instance: repose context "Add a CSV output format"',
    )
  return words
}
