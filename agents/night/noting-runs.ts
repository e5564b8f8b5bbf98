import type { Ledger } from '../../src/store/ledger.ts'

/** The same ledger, in which each run is noted for its item. */
export function notingRuns(ledger: Ledger, onRun: (run: number) => void): Ledger {
  return {
    ...ledger,
    startRequest(...given) {
      const run = ledger.startRequest(...given)
      onRun(run)
      return run
    },
  }
}
