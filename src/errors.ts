/**
 * An error that the user can act on: one line says what happened, one line what to do. No stack is shown; the process exits with
 * `exitCode`.
 */
export class UserError extends Error {
  readonly fix: string
  readonly exitCode: 1 | 2 | 3

  constructor(what: string, fix: string, options: { exitCode?: 1 | 2 | 3; cause?: unknown } = {}) {
    super(what, { cause: options.cause })
    this.name = 'UserError'
    this.fix = fix
    this.exitCode = options.exitCode ?? 2
  }
}

/** where: 'on the disk', 'for the database x.db'. */
export function noSpace(where: string, cause: unknown): UserError {
  const fix = 'free some space and run it again: what was saved before is kept'
  return new UserError(`no space left ${where}`, fix, { exitCode: 1, cause })
}
