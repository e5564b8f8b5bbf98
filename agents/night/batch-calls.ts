import { createHash, randomBytes } from 'node:crypto'
import type { Budget } from '../../src/llm/budget.ts'
import { believedUsage, countUsage, type TokenCounts } from '../../src/llm/count-usage.ts'
import { CallFailure } from '../../src/llm/failure.ts'
import { NO_USAGE } from '../../src/llm/meter.ts'
import type { Batches } from '../../src/llm/open-batches.ts'
import { costUsd, type Price } from '../../src/llm/prices.ts'
import { handleSignals } from '../../src/processes/blocking.ts'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import type { BatchCall } from '../../src/store/batches.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm, LlmReply, LlmRequest, Usage } from '../../src/types.ts'

const MOST_CALLS = 200 // of one batch: its replies are read at once
const MOST_OUTPUT = 4000 // tokens of a reply, thinking included: all of them count until the reply is known
const LOST_AFTER = 2 * 86_400_000 // a batch ends within a day; an older one is given up, and its calls are made again

export interface BatchOptions {
  readonly store: Store
  readonly batches: Batches
  readonly model: string
  readonly price: Price | null
  readonly budget: Budget
  /** Number of the pass in the ledger. */
  readonly pass: number
  readonly clock: () => number
  /** Calls without a known reply are left with the Batch API; otherwise they are made now. */
  readonly leave: boolean
}

/** What a call is for. */
export interface BatchSubject {
  /** The same call in a later pass has the same key. Default: a digest of the prompt. */
  readonly key?: string
  /** Run of the ledger. */
  readonly request?: number | null
  /** What the reply refers to. */
  readonly context?: unknown
}

/** Calls that are left with the Batch API in one pass and answered in a later one. */
export class BatchCalls {
  readonly #options: BatchOptions

  constructor(options: BatchOptions) {
    this.#options = options
  }

  /** Whether a call was left and has no reply yet, or has one; null: it was not left. */
  look(key: string): { readonly isAnswered: boolean; readonly context: unknown } | null {
    const found = this.#options.store.batches.look(key)
    return found && { isAnswered: found.reply !== null, context: found.context }
  }

  forget(key: string): void {
    this.#options.store.batches.forget(key)
  }

  /**
   * A model that gives replies of earlier batches, for nothing: they were counted when the call was sent. Other calls are left (the reply
   * has `failure: 'deferred'`), or made by `inner`. A call that waits for its batch is not made twice. `inner` makes calls whose reply was cut
   * off (another batch would have the same limit), and repairs, which belong to a reply of this pass.
   */
  llm(inner: Llm, { key, request = null, context = null }: BatchSubject = {}): Llm {
    const { store, leave, budget } = this.#options
    const left = budget.limit({
      model: inner.model,
      complete: (asked) => this.#leave(asked, { key, request, context }),
    })
    return {
      model: inner.model,
      complete: async (asked, signal) => {
        if (asked.messages.some(({ role }) => role === 'assistant')) return inner.complete(asked, signal)
        const own = key ?? keyOf(inner.model, asked)
        const found = store.batches.look(own)
        if (found?.reply != null && found.stop === 'length') {
          store.batches.forget(own)
          return inner.complete(asked, signal)
        }
        if (found?.reply != null) {
          const forget = () => store.batches.forget(own)
          return { stop: found.stop, content: found.reply, toolCalls: [], usage: NO_USAGE, forget }
        }
        if (found) return DEFERRED
        return (leave ? left : inner).complete(asked, signal)
      },
    }
  }

  async #leave(asked: LlmRequest, { key, request, context }: BatchSubject): Promise<LlmReply> {
    const { store, batches, model } = this.#options
    const messages = await Promise.all(
      asked.messages.map(async (message) => ({ ...message, content: await redactSecrets(message.content) })),
    )
    const { inputTokens } = countUsage({ ...asked, messages }, '')
    const outputTokens = Math.min(MOST_OUTPUT, asked.maxOutputTokens ?? MOST_OUTPUT)
    store.batches.add({
      ...{ key: key ?? keyOf(model, asked), request: request ?? null, purpose: asked.purpose, model },
      ...{
        body: batches.bodyOf({ ...asked, messages, maxOutputTokens: outputTokens }),
        context,
        inputTokens,
        outputTokens,
      },
    })
    return { ...DEFERRED, usage: this.usageOf({ inputTokens, cachedTokens: 0, outputTokens }) }
  }

  /** Takes up the replies of batches that have ended. Returns notes for the user, one a line. */
  async pickUp(signal: AbortSignal): Promise<string[]> {
    const { store, batches, clock } = this.#options
    const notes: string[] = []
    store.batches.dropUnsent() // of a pass that was killed: nothing of them was paid
    store.batches.dropOld(clock())
    for (const batch of store.batches.open()) {
      if (signal.aborted) break
      const isOld = clock() - batch.sentAt > LOST_AFTER
      const wait = async (why: string) =>
        notes.push(isOld ? await this.#settle(batch.id, new Map(), `it was given up after two days (${why})`) : why)
      if (batch.endpoint !== batches.address) {
        await wait(`a batch waits at ${batch.endpoint}, which is not the endpoint of this pass`)
        continue
      }
      try {
        const remote = batch.remote ?? (await batches.find(batch.name, signal))
        const look = remote === null ? { state: 'unknown' as const } : await batches.look(remote, signal)
        if (look.state === 'running') await wait('a batch is not ready yet')
        else if (look.state === 'done') notes.push(await this.#settle(batch.id, look.replies, look.problem, signal))
        else notes.push(await this.#settle(batch.id, new Map(), 'the endpoint has lost the batch'))
      } catch (error) {
        if (!(error instanceof CallFailure) && !signal.aborted) throw error
        const why = `a batch could not be looked at: ${(error as Error).message}`
        if (signal.aborted) notes.push(why)
        else await wait(why)
      }
    }
    return notes
  }

  async #settle(
    batch: number,
    replies: ReadonlyMap<string, { stop: 'done' | 'length'; content: string; tokens: TokenCounts | null }>,
    problem: string | null,
    signal?: AbortSignal,
  ): Promise<string> {
    const { store } = this.#options
    const calls = store.batches.callsOf(batch)
    const counts = new Map<string, number>() // tokens
    for (const [key, { content }] of replies) {
      await handleSignals() // counting a reply of millions of characters takes half a second
      signal?.throwIfAborted() // a later pass settles the batch
      counts.set(key, countUsage(NO_REQUEST, content).outputTokens)
    }
    let answered = 0
    store.db.transaction(() => {
      for (const { id, key, call, inputTokens } of calls) {
        const reply = replies.get(key)
        if (reply) {
          answered++
          store.batches.saveReply(id, reply.stop, reply.content)
        }
        const counted = {
          inputTokens,
          cachedTokens: 0,
          outputTokens: counts.get(key) ?? 0,
        }
        const usage = reply ? this.usageOf(believedUsage(reply.tokens, counted)) : { ...NO_USAGE, usd: 0 }
        if (call !== null) store.ledger.settleCall(call, reply?.stop ?? 'failed', usage)
      }
      store.batches.end(batch, answered > 0 ? 'done' : 'failed')
    })
    const lost = calls.length - answered
    const why = problem ? `, since ${problem},` : ''
    const more =
      lost === 0 ? '' : `; ${lost === 1 ? `1 has none${why} and is` : `${lost} have none${why} and are`} asked again`
    return `a batch has ended: ${answered} ${answered === 1 ? 'reply' : 'replies'}${more}`
  }

  /** Sends the calls that were left. Returns notes for the user, a line for each batch. */
  async send(signal: AbortSignal): Promise<string[]> {
    const { store, batches } = this.#options
    const notes: string[] = []
    for (let calls = store.batches.unsent(); calls.length > 0 && !signal.aborted; calls = store.batches.unsent()) {
      const some = calls.slice(0, MOST_CALLS)
      const name = `repose-${randomBytes(8).toString('hex')}`
      const batch = this.#note(name, some)
      try {
        store.batches.noteRemote(batch, await batches.send(name, some, signal))
        notes.push(
          `left with the Batch API: ${some.length} ${some.length === 1 ? 'call' : 'calls'}; a later pass takes up the replies`,
        )
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error
        if (error.failure !== 'fatal' && !isRefusal(error))
          return [...notes, `it is not known whether a batch arrived: ${error.message}; a later pass looks for it`]
        await this.#settle(batch, new Map(), null)
        store.batches.dropUnsent()
        return [
          ...notes,
          `nothing was left with the Batch API: ${error.message} (leave out --batch to make the calls now)`,
        ]
      }
    }
    return notes
  }

  /** The batch and its calls in the ledger, before anything is sent: a killed pass has counted it, and a later one finds it. */
  #note(name: string, calls: readonly BatchCall[]): number {
    const { store, batches, pass, clock } = this.#options
    return store.db.transaction(() => {
      const noted = calls.map(({ id, inputTokens, outputTokens, purpose, model, request }) => {
        const usage = this.usageOf({ inputTokens, cachedTokens: 0, outputTokens })
        const call = { at: clock(), phase: 'sleep', pass, purpose, model, stop: 'deferred', usage, ms: 0 } as const
        return { id, call: store.ledger.addCall(request === null ? call : { ...call, request }).id }
      })
      return store.batches.start(name, batches.address, clock(), noted)
    })
  }

  /** At half the price: 'flex' and batches cost the same. */
  usageOf(tokens: TokenCounts): Usage {
    return { calls: 1, ...tokens, usd: costUsd(tokens, this.#options.price, 'flex') }
  }
}

const NO_REQUEST: LlmRequest = { purpose: '', messages: [] }

const DEFERRED: LlmReply = {
  stop: 'failed',
  failure: 'deferred',
  message: 'left with the Batch API',
  fix: 'a later pass takes up the reply',
  content: '',
  toolCalls: [],
  usage: NO_USAGE,
}

function keyOf(model: string, { messages, json }: LlmRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([model, messages, json]))
    .digest('hex')
}

/** Whether an endpoint refused what was sent. One without a Batch API may answer with 501 or almost any 4xx. */
function isRefusal({ cause }: CallFailure): boolean {
  const status = (cause as { readonly status?: unknown } | undefined)?.status
  return typeof status === 'number' && (status === 501 || (status >= 400 && status < 500 && !MAY_HAVE.includes(status)))
}

const MAY_HAVE = [408, 409, 425, 429] // timeout, conflict, too early, too many requests
