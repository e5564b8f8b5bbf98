import type { Store } from '../../src/store/open-store.ts'
import type { StopReason } from '../../src/types.ts'

const MOST_NOTES = 200

/** The receipt of a pass in the database, updated during the pass, so that a killed pass leaves one too. */
export class PassReceipt {
  readonly id: number
  readonly #store: Store
  readonly #clock: () => number
  #written = 0
  #reused = 0
  #rejected = 0
  #notes: string[] = []
  readonly #alike = new Map<string, string[]>() // subjects by note
  #unnoted = 0

  constructor(store: Store, root: string, model: string, clock: () => number) {
    this.#store = store
    this.#clock = clock
    this.id = store.ledger.startPass(clock(), model, root)
  }

  /** Adds to the counts and notes, and saves them. Called within the transaction that saves the counted summaries. */
  add(more: { written?: number; reused?: number; rejected?: number; note?: string }): void {
    this.#written += more.written ?? 0
    this.#reused += more.reused ?? 0
    this.#rejected += more.rejected ?? 0
    if (more.note && this.#hasRoom) this.#notes.push(more.note)
    else if (more.note) this.#unnoted++
    this.#store.ledger.notePass(this.id, this.counts)
  }

  /** Adds a note `what` for a subject. The same note for several subjects is one line. */
  addAlike(what: string, subject: string): void {
    const subjects = this.#alike.get(what)
    if (subjects) subjects.push(subject)
    else if (this.#hasRoom) this.#alike.set(what, [subject])
    else this.#unnoted++
    this.add({})
  }

  /** Adds a note on a subject that is left as it is, since an answer on it was rejected. */
  addRejected(subject: string): void {
    this.addAlike('rejected earlier, not asked again for a month unless its text or the model changes', subject)
  }

  /** Removes a note of addAlike, since it is reported elsewhere. Returns its subjects: 'src/a.ts', or '4 files'. */
  take(what: string): string {
    const subjects = this.#alike.get(what) ?? []
    this.#alike.delete(what)
    this.add({})
    return nameAll(subjects)
  }

  /** 'failed': something was thrown that is not a fault of the model. */
  end(stop: StopReason | 'failed', reason: string | null): void {
    this.#store.ledger.endPass(this.id, this.#clock(), stop, reason)
  }

  get counts() {
    const more = this.#unnoted > 0 ? [`and ${this.#unnoted} more`] : []
    const alike = [...this.#alike].map(([what, subjects]) => `${nameAll(subjects)}: ${what}`)
    const notes = [...alike, ...this.#notes, ...more]
    return { written: this.#written, reused: this.#reused, rejected: this.#rejected, notes }
  }

  get #hasRoom(): boolean {
    return this.#notes.length + this.#alike.size < MOST_NOTES
  }
}

/** 'src/a.ts', or '4 files'. */
function nameAll(subjects: readonly string[]): string {
  if (subjects.length === 1) return subjects[0]!
  const areFiles = subjects.every((subject) => subject !== '.' && !subject.endsWith('/'))
  return `${subjects.length} ${areFiles ? 'files' : 'files and folders'}`
}
