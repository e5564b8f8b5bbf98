import { lockHolder } from '../../src/processes/process-lock.ts'
import type { Store } from '../../src/store/open-store.ts'

interface Ended {
  readonly id: number
  readonly stop: string | null
}

/** How passes ended, in words. A pass without an end still runs if it is the newest and its lock is held; else it was killed. */
export function passEnds({ db, ledger }: Store): (pass: Ended) => string {
  return endsOf(`${db.path}.sleep.lock`, ledger.receipts(1)[0])
}

/** The same for backtests. */
export function backtestEnds({ db, backtests }: Store): (backtest: Ended) => string {
  return endsOf(`${db.path}.past.lock`, backtests.receipts(1)[0])
}

function endsOf(lock: string, newest: Ended | undefined): (one: Ended) => string {
  const holder = lockHolder(lock)
  return ({ id, stop }) => stop ?? (holder && id === newest?.id ? `running (pid ${holder.pid})` : 'killed')
}
