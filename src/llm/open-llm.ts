import type { Llm, LlmReply, Usage } from '../types.ts'
import { ABORTED } from './aborted.ts'
import { openChat } from './chat-endpoint.ts'
import { emptyReply, type ReplySoFar, toolCallsOf } from './chat-reply.ts'
import { believedUsage, countUsage } from './count-usage.ts'
import { CallFailure } from './failure.ts'
import { addUsage, NO_USAGE } from './meter.ts'
import { costUsd, type OwnPrice, priceOf } from './prices.ts'
import { withRetry } from './retry.ts'

export interface OpenLlmOptions {
  readonly model: string
  /** Any OpenAI-compatible server; default https://api.openai.com/v1. */
  readonly baseUrl?: string | undefined
  /** Local servers need none. */
  readonly apiKey?: string | undefined
  /** Per attempt; default 300 s. A longer limit helps only with `stream`: fetch gives up after 300 s without a response (Node 20). */
  readonly timeoutMs?: number | undefined
  /** Cheaper and slower, if the endpoint offers it. */
  readonly serviceTier?: 'flex' | undefined
  /** Replaces the built-in price list. */
  readonly price?: OwnPrice | undefined
  /** For gateways that reply only with streams. */
  readonly stream?: boolean | undefined
  /** Default 4. */
  readonly attempts?: number | undefined
  /** Minimum wait before the second attempt; default 500 ms. */
  readonly retryBaseMs?: number | undefined
  /** Receives one line per retry, and one if the endpoint does not support JSON schemas. */
  readonly log?: ((line: string) => void) | undefined
}

/**
 * A model behind an OpenAI-compatible chat completions endpoint. Loads and sends nothing before the first call. `usage` of a reply covers
 * all attempts that may be charged. Attempts that were refused or never arrived count nothing. Those cut off (abort, time limit, broken
 * connection) count as a call with its input and the output received so far: the minimum cost. Throws UserError for an invalid base URL or
 * key.
 */
export function openLlm(options: OpenLlmOptions): Llm {
  const { model, apiKey, serviceTier, timeoutMs = 300_000, stream = false } = options
  const { attempts = 4, retryBaseMs = 500, log = () => {} } = options
  const baseUrl = options.baseUrl || 'https://api.openai.com/v1'
  const chat = openChat({ model, baseUrl, apiKey, timeoutMs, serviceTier, stream, log })
  const price = priceOf(model, options.price && { [model]: options.price }, baseUrl)

  return {
    model,
    async complete(request, signal) {
      let spent: Usage = NO_USAGE
      let asked = request
      const count = (reply: ReplySoFar) => {
        const tokens = believedUsage(reply.tokens, countUsage(asked, reply.content, toolCallsOf(reply)))
        const tier = serviceTier === 'flex' ? reply.tier : null // unasked, an endpoint would halve what its calls seem to cost
        spent = addUsage(spent, { calls: 1, ...tokens, usd: costUsd(tokens, price, tier) })
      }
      const attempt = async () => {
        const reply = emptyReply()
        try {
          await chat.ask(asked, reply, signal)
        } catch (error) {
          if (signal?.aborted || (error instanceof CallFailure && error.billed)) count(reply)
          throw error
        }
        count(reply)
        return reply
      }
      let last: CallFailure | undefined
      const onRetry = (failure: CallFailure, next: number) => {
        last = failure
        log(`${failure.message}; attempt ${next} of ${attempts}`)
      }
      try {
        const mayRetry = () => {
          const next = asked.again ? asked.again(spent) : asked
          asked = next ?? asked
          return next !== null
        }
        const reply = await withRetry(attempt, { attempts, baseMs: retryBaseMs, signal, mayRetry, onRetry })
        return { stop: stopOf(reply), content: reply.content, toolCalls: toolCallsOf(reply), usage: spent }
      } catch (error) {
        if (signal?.aborted) return { ...ABORTED, ...(last && { message: last.message, fix: last.fix }), usage: spent }
        if (!(error instanceof CallFailure)) throw error
        const { message, fix, failure } = error
        return { stop: 'failed', message, fix, failure, content: '', toolCalls: [], usage: spent }
      }
    },
  }
}

function stopOf({ finish, toolCalls }: ReplySoFar): LlmReply['stop'] {
  if (finish === 'length') return 'length'
  // some servers finish with 'stop' although there are calls
  return toolCalls.length ? 'tools' : 'done'
}
