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

/** Whether something could not be written since there was no room for it. */
export function isFull(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  const isSaid = error instanceof UserError && String(message).startsWith(NO_SPACE)
  return isSaid || /^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR_(?:WRITE|SHMSIZE))/.test(String(code))
}

const NO_SPACE = 'no space left'

/** where: 'on the disk', 'for the database x.db'. */
export function noSpace(where: string, cause: unknown): UserError {
  const fix = 'free some space and run it again: what was saved before is kept'
  return new UserError(`${NO_SPACE} ${where}`, fix, { exitCode: 1, cause })
}
