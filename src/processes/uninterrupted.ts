let running = 0
let ending: (() => void) | null = null

const TO_SAY_MS = 300 // for the command to print what was done, and to close what it has open

/**
 * Runs work that must not be cut short, because files of the user are incomplete while it runs. Until it is done, endWhenWhole() waits.
 * Only for steps that end by themselves soon: no call of a model, no command of a repository.
 */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  running++
  try {
    return await work()
  } finally {
    running--
    if (ending) setTimeout(endIfWhole, TO_SAY_MS).unref()
  }
}

function endIfWhole(): void {
  if (running === 0) ending?.()
}

/** Ends this process by `end`: now, or soon after work that must not be cut short. Returns false if it waits. */
export function endWhenWhole(end: () => void): boolean {
  if (running === 0 && !ending) {
    end()
    return true
  }
  ending ??= end
  return false
}
