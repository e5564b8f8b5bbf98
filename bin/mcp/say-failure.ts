import { UserError } from '../../src/errors.ts'
import { GitError } from '../../src/repo/git.ts'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import { asUserError } from '../../src/store/db-errors.ts'

/** An error as an agent reads it, in two lines; isBug: nobody expected it. */
export function sayFailure(error: unknown): { readonly text: string; readonly isBug: boolean } {
  const known = asUserError(error, null)
  if (known instanceof UserError) return { text: `error: ${known.message}\nfix:   ${known.fix}`, isBug: false }
  if (known instanceof GitError)
    return { text: `error: ${known.message}\nfix:   see what git status says there`, isBug: false }
  const message = error instanceof Error ? error.message : String(error)
  return {
    text: `error: a fault in repose: ${message}\nfix:   go on without it, and report this to its makers`,
    isBug: true,
  }
}

/**
 * The answer to a call that failed, without secrets: a message may name what a file holds. Throws the signal's reason if the call was
 * cancelled. onBug: told of an error that nobody expected.
 */
export async function failedCall(error: unknown, signal: AbortSignal, onBug: (error: unknown) => void) {
  return { content: [{ type: 'text' as const, text: await failureOf(error, signal, onBug) }], isError: true }
}

/** The text of failedCall(), for answers that have another form. */
export async function failureOf(error: unknown, signal: AbortSignal, onBug: (error: unknown) => void): Promise<string> {
  signal.throwIfAborted()
  const { text, isBug } = sayFailure(error)
  if (isBug) onBug(error)
  return redactSecrets(text)
}
