import { watchClock } from './clock-jump.ts'
import { readLoad } from './load.ts'
import type { Log } from './log.ts'
import { type Power, readPower } from './power.ts'

const POWER_EVERY_MS = 30_000

/** Readings that replace the machine's own, for tests. */
export interface MachineOptions {
  readonly readLoad?: () => number | null
  readonly readPower?: () => Promise<Power>
}

/** State of the machine: load, power, and whether it slept. */
export class Machine {
  readonly #options: MachineOptions
  readonly #log: Log
  #powerReadAt = -Infinity
  power: Power = { source: 'unknown', percent: null }
  /** What the clock did since the previous call. */
  readonly whatTheClockDid: () => 'nothing' | 'slept' | 'set back'

  constructor(options: MachineOptions, log: Log, clock: () => number) {
    this.#options = options
    this.#log = log
    this.whatTheClockDid = watchClock(clock, () => performance.now())
  }

  get load(): number | null {
    return (this.#options.readLoad ?? readLoad)()
  }

  /** Starts to read the power state if the last reading is old; it is available for the next decision. */
  refreshPower(): void {
    if (performance.now() - this.#powerReadAt < POWER_EVERY_MS) return
    this.#powerReadAt = performance.now()
    ;(this.#options.readPower ?? readPower)().then(
      (power) => {
        this.power = power
      },
      (error: Error) => this.#log.write(`power cannot be read: ${error.message}`),
    )
  }
}
