type Say = (text: string) => void

/**
 * Does a note of a run, unless the disk is full: then it says so, and the run goes on, since what was paid for can still be delivered. Throws
 * other errors.
 */
export function noting(work: () => void, say: Say | undefined): void {
  try {
    work()
  } catch (error) {
    if (!/^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR)/.test(String((error as { code?: unknown }).code))) throw error
    say?.('no space left on the disk: this run is noted in part')
  }
}
