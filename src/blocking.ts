let isAllowed = false

/** Says that this process may end by a signal's default effect within blocking(): of a program of our own, not of one that uses us as a library. */
export function allowAbruptEnd(): void {
  isAllowed = true
}

/**
 * Runs work that keeps this thread busy for seconds in one call of native code, SQLite's for instance, where no JavaScript can be called. Ctrl-C
 * ends the process meanwhile, as it ends a program that does not listen for it: what SQLite does is whole or undone after that.
 */
export function blocking<T>(work: () => T): T {
  if (!isAllowed) return work()
  const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[]
  process.removeAllListeners('SIGINT')
  try {
    return work()
  } finally {
    for (const listener of listeners) process.on('SIGINT', listener)
  }
}
