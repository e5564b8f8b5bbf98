let running = 0
let ending: (() => void) | null = null
const enough = new AbortController()

const TO_SAY_MS = 300 // for the command to print what was done, and to close what it has open
const GIVE_UP_MS = 30_000 // from the interrupt on; thousands of files take some seconds

/**
 * Runs work that must not be cut short, because files of the user are incomplete while it runs. Until it is done, endWhenWhole() waits.
 * Only for steps that usually end soon: no call of a model, no check. A filter of git may hang, so `work` gets a signal that aborts some
 * time after this process should end. It then restores what it began with.
 */
export async function uninterrupted<T>(work: (giveUp: AbortSignal) => Promise<T>): Promise<T> {
  running++
  try {
    return await work(enough.signal)
  } finally {
    running--
    if (ending) setTimeout(endIfWhole, TO_SAY_MS).unref()
  }
}

/** Whether such work runs now. */
export function isUninterrupted(): boolean {
  return running > 0
}

function endIfWhole(): void {
  if (running === 0) ending?.()
}

/**
 * Ends this process by `end`: now, or soon after work that must not be cut short. Returns false if it waits; after `giveUpMs` the work's
 * signal aborts.
 */
export function endWhenWhole(end: () => void, giveUpMs = GIVE_UP_MS): boolean {
  if (running === 0 && !ending) {
    end()
    return true
  }
  if (!ending) setTimeout(() => enough.abort(new Error('interrupted while files were written')), giveUpMs).unref()
  ending ??= end
  return false
}
