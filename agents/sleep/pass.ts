import PQueue from 'p-queue'
import type { Budget } from '../../src/llm/budget.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { SummaryKey } from '../../src/store/summaries.ts'
import type { Llm, StopReason } from '../../src/types.ts'
import { askSummary, type Question, type SummaryOutcome } from './ask-summary.ts'
import { notSent } from './not-sent.ts'
import type { PassReceipt } from './pass-receipt.ts'
import { trackedNames } from './tracked-names.ts'

const MOST_FAILURES = 5 // in a row: a general fault that the next subject will not change
const MOST_REFUSED = 100 // before any usable answer: a sound endpoint may refuse some files, for their length or their words

export interface PassParts {
  readonly root: string
  readonly store: Store
  readonly worktree: number
  /** Metered, and limited by the budget. */
  readonly llm: Llm
  readonly budget: Budget
  readonly receipt: PassReceipt
  readonly clock: () => number
  readonly concurrency: number
  readonly signal: AbortSignal | undefined
  readonly onDone: (subject: string, end: 'written' | 'failed' | 'left out') => void
}

/** A running pass: its model, its queue of calls, and whether and why it must end. */
export class Pass {
  readonly parts: PassParts
  readonly #queue: PQueue
  readonly #trackedOf: Question<object>['trackedOf']
  #failuresInARow = 0
  #refused = 0
  #hasAnswer = false
  readonly #deferred = new Set<string>()
  #end: { stop: StopReason; reason: string | null } | null = null
  #fix: string | null = null
  #problem: string | null = null // why it ended
  #bug: { error: unknown } | null = null

  constructor(parts: PassParts) {
    this.parts = parts
    this.#queue = new PQueue({ concurrency: parts.concurrency })
    this.#trackedOf = trackedNames(parts.root, parts.signal)
    if (parts.signal?.aborted) this.endFor('interrupted')
  }

  /** Subjects whose question was left with the Batch API. */
  get deferred(): ReadonlySet<string> {
    return this.#deferred
  }

  /** Set as soon as no further call may be made. */
  get end(): { readonly stop: StopReason; readonly reason: string | null } | null {
    if (!this.#end && this.parts.signal?.aborted) this.endFor('interrupted')
    return this.#end
  }

  /**
   * How it ended, when all work is done; null: it need not end. The reason has the number of subjects with the problem, which then
   * needs no note.
   */
  close(): { readonly stop: StopReason; readonly reason: string | null } | null {
    if (!this.end || this.#problem === null) return this.end
    const { stop, reason } = this.end
    return { stop, reason: `${reason}: ${this.parts.receipt.take(this.#problem)} not written` }
  }

  /** What the user can do about the last failed call. */
  get fix(): string | null {
    return this.#fix
  }

  endFor(stop: StopReason, reason: string | null = null): void {
    this.#end ??= { stop, reason }
  }

  /** Queues work on one subject. It is skipped if the pass has ended by then. idle() rethrows what work threw. */
  async run(work: () => Promise<void>): Promise<void> {
    await this.#queue.add(async () => {
      if (this.end || this.#bug) return
      try {
        await work()
      } catch (error) {
        this.#bug ??= { error } // calls in flight still finish, and their results are saved
      }
    })
  }

  /** Waits until all work is done. Throws the first error of it. */
  async idle(): Promise<void> {
    await this.#queue.onIdle()
    if (this.#bug) throw this.#bug.error
  }

  /**
   * The usable answer for a subject, or null: then the receipt has the reason, and the pass may have ended. key: under it,
   * a rejected answer is remembered.
   */
  async ask<Reply extends object>(
    key: SummaryKey,
    question: Omit<Question<Reply>, 'trackedOf'>,
  ): Promise<Reply | null> {
    const { llm, signal, receipt, store, clock, onDone } = this.parts
    const answer = await askSummary(llm, { ...question, trackedOf: this.#trackedOf }, signal)
    this.#judge(question.subject, answer)
    if (answer.outcome === 'failed' && answer.isLasting) store.summaries.reject(key, clock())
    const ends = { good: 'written', failed: 'failed', secret: 'left out', deferred: 'left out' } as const
    if (answer.outcome in ends) onDone(question.subject, ends[answer.outcome as keyof typeof ends])
    if (answer.outcome !== 'good') return null
    if (answer.struck.length > 0) {
      const names = answer.struck.map((name) => `\`${name}\``).join(', ')
      receipt.add({
        rejected: answer.struck.length,
        note: `${question.subject}: removed claims about ${names}, which the code does not have`,
      })
    }
    return answer.reply
  }

  #judge(subject: string, answer: SummaryOutcome<object>): void {
    const { receipt } = this.parts
    if (answer.outcome === 'good') this.#hasAnswer = true
    if (answer.outcome === 'good') this.#failuresInARow = 0
    else if (answer.outcome === 'deferred') this.#deferred.add(subject)
    else if (answer.outcome === 'aborted') this.endFor('interrupted')
    else if (answer.outcome === 'secret') receipt.add({ note: notSent(subject, answer.found) })
    else if (answer.outcome === 'failed') {
      const { problem, fix, fatal, isOfPrompt, rejected } = answer
      if (!this.#end) this.#fix = fix
      receipt.addAlike(problem, subject)
      if (rejected) receipt.add({ rejected: 1 })
      const count = isOfPrompt ? ++this.#refused : ++this.#failuresInARow
      const isGeneral = isOfPrompt ? count >= MOST_REFUSED && !this.#hasAnswer : count >= MOST_FAILURES
      if (this.end || (!fatal && !isGeneral)) return
      this.#problem = problem
      this.endFor('model-failed', fatal ? problem : `${count} failures in a row, the last: ${problem}`)
    }
  }
}
