import { copyDb } from './db-copy.ts'
import type { Ledger } from './ledger.ts'
import { openStore, type Store } from './open-store.ts'

/**
 * The store of a dry run: a temporary copy of the database at `path`, or a new temporary one if there is none. close() removes it. Only
 * model calls, and the requests that made them, are kept: they are written to the database itself, which the first call creates if there is
 * none.
 */
export async function openDryStore(path: string, signal?: AbortSignal): Promise<Store> {
  const copy = await copyDb(path, signal)
  process.once('exit', copy.remove) // Ctrl-C, or a reader that has ended
  const remove = () => {
    process.off('exit', copy.remove)
    copy.remove()
  }
  let kept: Store | undefined
  try {
    const store = openStore(copy.path, path)
    const real = () => {
      kept ??= openStore(path)
      return kept.ledger
    }
    const close = () => {
      store.close()
      kept?.close()
      remove()
    }
    return { ...store, ledger: keepingCalls(store.ledger, real), close }
  } catch (error) {
    remove()
    throw error
  }
}

/** real: the ledger that keeps them. Its numbers of requests may differ, since other processes write to it. */
function keepingCalls(ledger: Ledger, real: () => Ledger): Ledger {
  type Start = Parameters<Ledger['startRequest']>
  const starts = new Map<number, Start>()
  const numbers = new Map<number, number>()
  const keep = (request: number) => {
    if (!numbers.has(request)) {
      numbers.set(request, request) // where the disk is full, the transcript is kept all the same
      numbers.set(request, real().startRequest(...starts.get(request)!))
    }
    return numbers.get(request)!
  }
  return {
    ...ledger,
    keptAs: (request) => numbers.get(request) ?? null,
    startRequest(...start) {
      const request = ledger.startRequest(...start)
      starts.set(request, start)
      return request
    },
    notePacked(request, packed) {
      const [at, command, text] = starts.get(request)!
      starts.set(request, [at, command, text, packed])
      if (numbers.has(request)) real().notePacked(keep(request), packed)
      return ledger.notePacked(request, packed)
    },
    addCall({ request, ...call }) {
      return real().addCall(request === undefined ? call : { ...call, request: keep(request) })
    },
    endRequest(request, ...end) {
      if (numbers.has(request)) real().endRequest(keep(request), ...end)
      return ledger.endRequest(request, ...end)
    },
  }
}
