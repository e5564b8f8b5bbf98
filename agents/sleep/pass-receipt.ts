import type { Store } from '../../src/store/open-store.ts'

const MOST_NOTES = 200

/** The receipt of a pass in the database, kept up to date as it goes, so that a killed pass leaves one too. */
export class PassReceipt {
  readonly id: number
  readonly #store: Store
  readonly #clock: () => number
  #written = 0
  #reused = 0
  #rejected = 0
  #notes: string[] = []
  #unnoted = 0

  constructor(store: Store, root: string, model: string, clock: () => number) {
    this.#store = store
    this.#clock = clock
    this.id = store.ledger.startPass(clock(), model, root)
  }

  /** Adds to the counts and notes, and saves them. Called within the transaction that saves what is counted. */
  add(more: { written?: number; reused?: number; rejected?: number; note?: string }): void {
    this.#written += more.written ?? 0
    this.#reused += more.reused ?? 0
    this.#rejected += more.rejected ?? 0
    if (more.note && this.#notes.length < MOST_NOTES) this.#notes.push(more.note)
    else if (more.note) this.#unnoted++
    this.#store.ledger.notePass(this.id, this.counts)
  }

  end(stop: string, reason: string | null): void {
    this.#store.ledger.endPass(this.id, this.#clock(), stop, reason)
  }

  get counts() {
    const more = this.#unnoted > 0 ? [`and ${this.#unnoted} more`] : []
    return { written: this.#written, reused: this.#reused, rejected: this.#rejected, notes: [...this.#notes, ...more] }
  }
}
