import type { Budget, Spent } from './caps.ts'

/** What the daemon has done for it: it knows when, others know how. */
export interface Work {
  /** Brings the facts up to date. Rejects when it cannot: the message says why. */
  refresh(): Promise<Refreshed>
  /** Refreshes the facts and runs one pass. Resolves within moments of an abort; rejects when the worker breaks. */
  think(order: Order, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Thought>
  /** Gives back what is held only to be quick the next time; what is under way is ended first. */
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
  readonly budget: Budget
  /** null: it cannot be read. */
  readonly spent: { readonly day: Spent; readonly month: Spent } | null
}

export interface Refreshed extends Money {
  readonly changed: boolean
  /** Paths put, changed or removed. */
  readonly files: number
  readonly ms: number
}

export interface Thought extends Money {
  readonly end: 'done' | 'budget' | 'woken' | 'failed' | 'busy'
  /** In words, where there is more to say. */
  readonly reason: string | null
  /** Whether the refresh before it found a change. */
  readonly changed: boolean
  readonly written: number
  readonly rejected: number
  readonly calls: number
  readonly tokens: number
}
