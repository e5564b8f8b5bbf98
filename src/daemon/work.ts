import type { PassBudget, Spent } from './caps.ts'
import type { LastPass } from './idle.ts'

/** The daemon's work: the daemon decides when, implementations know how. */
export interface Work {
  /** Updates the facts. Rejects if it cannot; the message gives the reason. */
  refresh(): Promise<Refreshed>
  /** Refreshes the facts and runs one pass. Resolves within moments of an abort; rejects if the worker crashes. */
  think(order: Order, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Thought>
  /** Releases resources that only make the next job faster. Running work is ended first. */
  rest(): void
  /** Resolves when nothing runs any more. */
  close(): Promise<void>
}

export interface Order {
  readonly grade: 'short' | 'long'
}

export interface Progress {
  readonly subject: string
  readonly done: number
  readonly total: number
}

export interface Money {
  readonly budget: PassBudget
  /** null: it cannot be read. */
  readonly spent: { readonly day: Spent; readonly month: Spent } | null
}

export interface Refreshed extends Money {
  readonly changed: boolean
  /** Paths added, changed or removed. */
  readonly files: number
  readonly ms: number
}

export interface Thought extends Money {
  readonly end: LastPass['end']
  /** In words, if there is more to report. */
  readonly reason: string | null
  /** Whether the refresh before it found a change. */
  readonly changed: boolean
  readonly written: number
  readonly rejected: number
  /** Requests of the backlog that it drafted. */
  readonly drafted: number
  /** Requests of the backlog that came back with a question. */
  readonly needsYou: number
  readonly calls: number
  readonly tokens: number
}
