import type { Decision, LastPass } from './idle.ts'
import type { Log } from './log.ts'
import type { WatchState } from './state.ts'
import { some, spanOf } from './words.ts'
import type { Money, Progress, Refreshed, Thought, Work } from './work.ts'

export interface JobsOptions {
  readonly work: Work
  readonly log: Log
  readonly clock: () => number
  readonly onProgress: () => void
  /** A job has ended. problem: why facts could not be refreshed. */
  readonly onEnd: (problem: string | null) => void
}

const WORKER_RESTS_MS: Readonly<Record<Decision['state'], number>> = {
  active: 300_000,
  idle: 30_000,
  held: 30_000,
  stopped: 0,
}

/** The daemon's running and finished jobs: at most one refresh or one pass at a time. */
export class Jobs {
  readonly #options: JobsOptions
  #isRefreshing = false
  #pass: { readonly controller: AbortController; readonly grade: 'short' | 'long'; readonly since: number } | null =
    null
  #progress: Progress = { subject: '', done: 0, total: 0 }
  #lastPass: LastPass | null = null
  #facts: WatchState['facts'] = null
  #money: Money | null = null
  #endedAt: number
  #hasNewRequests = false // since the running pass began
  #hasNewSettings = false // since the last pass
  #isClosed = false
  /** The oldest change that is not yet in the facts; milliseconds since 1970. */
  dueSince: number | null

  constructor(options: JobsOptions) {
    this.#options = options
    this.dueSince = options.clock()
    this.#endedAt = this.dueSince
  }

  get isRefreshing(): boolean {
    return this.#isRefreshing
  }

  get isThinking(): boolean {
    return this.#pass !== null
  }

  /** For the decision; null: none that concerns the next pass. */
  get lastPass(): LastPass | null {
    return this.#hasNewSettings ? null : this.#lastPass
  }

  get money(): Money | null {
    return this.#money
  }

  /** For `status`. */
  get state(): Pick<WatchState, 'facts' | 'thinking' | 'lastPass' | 'money'> {
    const thinking = this.#pass && { ...this.#progress, grade: this.#pass.grade, since: this.#pass.since }
    return { facts: this.#facts, thinking, lastPass: this.#lastPass, money: this.#money }
  }

  async refresh(): Promise<void> {
    const { work, onEnd } = this.#options
    const due = this.dueSince
    this.dueSince = null
    this.#isRefreshing = true
    let problem: string | null = null
    try {
      this.#learn(await work.refresh())
    } catch (error) {
      this.dueSince = due
      problem = (error as Error).message
    }
    this.#isRefreshing = false
    this.#ended(() => onEnd(problem))
  }

  async think(grade: 'short' | 'long'): Promise<void> {
    const { work, log, clock, onProgress, onEnd } = this.#options
    const controller = new AbortController()
    this.#pass = { controller, grade, since: clock() }
    this.#progress = { subject: '', done: 0, total: 0 }
    this.#hasNewRequests = false
    this.#hasNewSettings = false
    let thought: Pick<Thought, 'end' | 'reason'> & Partial<Pick<Thought, 'rejected'>>
    try {
      const whole = await work.think({ grade }, controller.signal, (progress) => {
        this.#progress = progress
        onProgress()
      })
      this.#money = { budget: whole.budget, spent: whole.spent }
      thought = whole
      this.#logThought(whole)
    } catch (error) {
      const reason = (error as Error).message
      thought = { end: controller.signal.aborted ? 'woken' : 'failed', reason }
      if (!this.#isClosed) log.write(`the pass broke off: ${reason}`)
    }
    const failures = thought.end === 'failed' ? (this.#lastPass?.failures ?? 0) + 1 : 0
    const { end, reason, rejected } = thought
    this.#lastPass = {
      grade,
      endedAt: clock(),
      end,
      reason,
      failures,
      rejected,
      changedSince: end === 'woken' || this.#hasNewRequests,
    }
    this.#pass = null
    this.#ended(() => onEnd(null))
  }

  /** The backlog has changed: the next pass has something to do, even if no file changes. */
  noteRequests(): void {
    this.#hasNewRequests = true
    if (this.#lastPass) this.#lastPass = { ...this.#lastPass, changedSince: true }
  }

  /** The settings have changed: what made the last pass fail or end may be mended. */
  noteSettings(): void {
    this.#hasNewSettings = true
    this.noteRequests()
  }

  /** Ends the running pass, if any. */
  wake(why: string): void {
    if (!this.#pass || this.#pass.controller.signal.aborted) return
    this.#pass.controller.abort()
    this.#options.log.write(`the pass is ended: ${why}`)
  }

  /** Ends the worker if it has had nothing to do for a while. */
  restIfIdle(state: Decision['state'], now: number): void {
    if (this.#pass || this.#isRefreshing || now - this.#endedAt < WORKER_RESTS_MS[state]) return
    this.#options.work.rest()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#pass?.controller.abort()
    await this.#options.work.close()
  }

  #ended(tell: () => void): void {
    this.#endedAt = this.#options.clock()
    if (!this.#isClosed) tell()
  }

  #learn({ changed, files, ms, ...money }: Refreshed): void {
    const { clock, log } = this.#options
    this.#money = money
    this.#facts = { at: clock(), files, ms: Math.round(ms) }
    if (!changed) return
    if (this.#lastPass) this.#lastPass = { ...this.#lastPass, changedSince: true }
    log.write(`facts: ${some(files, 'path')} changed, ${Math.round(ms)} ms`)
  }

  #logThought({ end, reason, written, rejected, drafted, needsYou, calls, tokens }: Thought): void {
    const took = spanOf(this.#options.clock() - this.#pass!.since)
    const spent = calls > 0 ? `, ${some(calls, 'call')}, ${tokens.toLocaleString('en')} tokens` : ''
    const why = reason ? ` (${reason})` : ''
    const drafts = drafted > 0 ? `${some(drafted, 'request')} drafted, ` : ''
    const asks = needsYou > 0 ? `${some(needsYou, 'request')} ${needsYou === 1 ? 'needs' : 'need'} you, ` : ''
    this.#options.log.write(
      `pass ${end}${why}: ${drafts}${asks}${written} written, ${rejected} rejected${spent}, ${took}`,
    )
  }
}
