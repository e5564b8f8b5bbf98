import { countTokens } from '../tokens/tokens.ts'
import type { Llm, LlmReply, LlmRequest, Usage } from '../types.ts'
import { countUsage } from './count-usage.ts'
import { addUsage, NO_USAGE } from './meter.ts'
import { costUsd, type Price } from './prices.ts'

export interface Limits {
  /** Input and output together; absent: no limit. */
  readonly tokens?: number | undefined
  readonly usd?: number | undefined
}

/** Estimated output of a call before the first reply: a file's note and some symbols. */
export const USUAL_OUTPUT = 350

/** If less than this is left, a call sends the rest as its output limit. A larger limit would be rejected by models with a smaller one. */
const CAPPED_BELOW = 32_000

/** Overhead of chat formats per message (OpenAI's cookbook, "How to count tokens with tiktoken"). */
const TOKENS_PER_MESSAGE = 4

/** Infinity: without limit. */
interface Room {
  readonly tokens: number
  readonly usd: number
}

/** Tracks what calls have spent and may still spend. Running calls count with their maximum. */
export class Budget {
  #limits: Limits
  readonly #price: Price | null
  readonly #leastOutput: number | null
  readonly #underWay = new Map<Promise<void>, Cost>()
  #spent: Usage = NO_USAGE
  #countedInput = 0
  #refused = false
  #isRefusedForUsd = false

  /** price: needed for a limit in US$. leastOutput: a call with room for fewer output tokens is not made (default: the mean so far). */
  constructor(limits: Limits, price: Price | null, { leastOutput = null }: { leastOutput?: number | null } = {}) {
    this.#limits = limits
    this.#price = price
    this.#leastOutput = leastOutput
  }

  get spent(): Usage {
    return this.#spent
  }

  /** The budget prevented a call or cut off its reply. */
  get refused(): boolean {
    return this.#refused
  }

  get isSpent(): boolean {
    const left = this.left
    return left.tokens <= 0 || left.usd <= 0
  }

  /** Whether US$ were what the last refused call lacked, or are spent, while tokens are left. */
  get lacksUsd(): boolean {
    const { tokens, usd } = this.left
    return this.#isRefusedForUsd || (usd <= 0 && tokens > 0)
  }

  /** Infinity without a limit. */
  get left(): Room {
    const { tokens = Infinity, usd = Infinity } = this.#limits
    return { tokens: tokens - tokensOf(this.#spent), usd: usd - (this.#spent.usd ?? 0) }
  }

  /** Lowers the limits. What is already spent still counts. */
  lower({ tokens = Infinity, usd = Infinity }: Limits): void {
    const { tokens: most, usd: mostUsd } = this.#limits
    const least = (one: number | undefined, other: number) =>
      one === undefined && other === Infinity ? undefined : Math.min(one ?? Infinity, other)
    this.#limits = { tokens: least(most, tokens), usd: least(mostUsd, usd) }
  }

  /** Estimated output of a call: the mean so far. */
  get meanOutput(): number {
    return this.#spent.calls > 0 ? this.#spent.outputTokens / this.#spent.calls : USUAL_OUTPUT
  }

  /** Whether a call with this many input tokens, by our count, would stay within the limits if running calls used nothing. */
  affords(inputTokens: number): boolean {
    return this.#mostOutput(inputTokens, this.left) >= this.#least()
  }

  /**
   * Wraps a model: a call or retry whose prompt and minimum output would exceed the limits is not made, and its reply has `failure:
   * 'budget'`. A call's output is limited to what is left. A call that would fit without the running ones waits for them.
   */
  limit(llm: Llm): Llm {
    return {
      model: llm.model,
      complete: async (request, signal) => {
        const input = inputTokensOf(request)
        // computed anew each time: replies that arrive meanwhile change the estimated length
        const lacks = (room: Room) => this.#mostOutput(input, room) < this.#least(request)
        while (!signal?.aborted && lacks(this.#room())) {
          if (lacks(this.left)) return this.#refuse(input, this.#least(request))
          await firstOf([...this.#underWay.keys()], signal)
        }
        return this.#ask(llm, request, input, signal)
      },
    }
  }

  async #ask(llm: Llm, request: LlmRequest, input: number, signal: AbortSignal | undefined): Promise<LlmReply> {
    const { promise: ended, resolve: end } = withResolvers()
    let cap = Infinity
    /** The request with its output limited to the available room, which stays reserved until the call ends. */
    const reserve = (billed: Usage): LlmRequest => {
      const room = this.#mostOutput(input, this.#room(billed))
      const most = Math.min(room, request.maxOutputTokens ?? Infinity)
      cap = room < CAPPED_BELOW ? most : (request.maxOutputTokens ?? Infinity)
      const reserved = this.#costOf(input, Number.isFinite(most) ? most : 0)
      const paid = this.#priced(billed)
      this.#underWay.set(ended, {
        tokens: reserved.tokens + tokensOf(paid),
        usd: reserved.usd + (paid.usd ?? 0),
      })
      return Number.isFinite(cap) ? { ...request, maxOutputTokens: cap, again } : { ...request, again }
    }
    const again = (billed: Usage): LlmRequest | null => {
      this.#underWay.delete(ended)
      if (this.#mostOutput(input, this.#room(billed)) >= this.#least(request)) return reserve(billed)
      this.#refused = true
      return null
    }
    try {
      const reply = await llm.complete(reserve(NO_USAGE), signal)
      this.#spent = addUsage(this.#spent, this.#priced(reply.usage))
      this.#countedInput += reply.usage.calls > 0 ? input : 0
      const isCutByUs = reply.stop === 'length' && cap < (request.maxOutputTokens ?? Infinity)
      return isCutByUs ? this.#refuse(input, cap, reply) : reply
    } finally {
      this.#underWay.delete(ended)
      end()
    }
  }

  /** output: the room that was needed; or, for a reply that was cut off, the room that it had. */
  #refuse(input: number, output: number, cut?: LlmReply): LlmReply {
    this.#refused = true
    const { tokens, usd = 0 } = this.#limits
    const isOfTokens = tokens !== undefined && this.left.tokens < this.#costOf(input, output).tokens
    this.#isRefusedForUsd = !isOfTokens
    const budget = isOfTokens || this.#limits.usd === undefined ? `${tokens} tokens` : `US$${usd}`
    const spent = isOfTokens ? tokensOf(this.#spent) : `US$${(this.#spent.usd ?? 0).toFixed(4)}`
    const message = cut
      ? `the reply was cut off: the budget of ${budget} left room for ${output} tokens of it`
      : `the budget of ${budget} has no room for the next call: ${spent} spent, and it takes ${Math.ceil(input * this.#scale)} tokens of input and at least ${Math.ceil(output)} of output`
    const fix = `raise ${isOfTokens ? '--budget-tokens' : '--max-usd'}, or ask for less at once`
    return {
      stop: 'failed',
      failure: 'budget',
      message,
      fix,
      content: cut?.content ?? '',
      toolCalls: [],
      usage: cut?.usage ?? NO_USAGE,
    }
  }

  #least(request?: LlmRequest): number {
    return Math.min(this.#leastOutput ?? this.meanOutput, request?.maxOutputTokens ?? Infinity)
  }

  /** What is left beside running calls. billed: cost of failed attempts that are not in `spent` yet. */
  #room(billed: Usage = NO_USAGE): Room {
    const { tokens, usd } = this.left
    const others = [...this.#underWay.values()]
    return {
      tokens: others.reduce((left, one) => left - one.tokens, tokens - tokensOf(billed)),
      usd: others.reduce((left, one) => left - one.usd, usd - (this.#priced(billed).usd ?? 0)),
    }
  }

  /** Output tokens that a call has room for; negative if even its input has none. */
  #mostOutput(input: number, room: Room): number {
    const { tokens, usd } = this.#costOf(input, 0)
    const byTokens = room.tokens - tokens
    const perToken = (this.#price?.outputPerMillion ?? 0) / 1_000_000
    const byUsd = perToken > 0 ? (room.usd - usd) / perToken : room.usd >= usd ? Infinity : -1
    return Math.floor(Math.min(byTokens, byUsd))
  }

  #costOf(input: number, outputTokens: number): Cost {
    const inputTokens = input * this.#scale
    const usd = costUsd({ inputTokens, cachedTokens: 0, outputTokens }, this.#price) ?? 0
    return { tokens: inputTokens + outputTokens, usd }
  }

  /** Endpoints use other tokenizers. The ratio of their counts to ours so far scales our counts. */
  get #scale(): number {
    return this.#countedInput > 0 ? Math.max(1, this.#spent.inputTokens / this.#countedInput) : 1
  }

  #priced(usage: Usage): Usage {
    return usage.usd === null && usage.calls > 0 ? { ...usage, usd: costUsd(usage, this.#price) } : usage
  }
}

interface Cost {
  readonly tokens: number
  readonly usd: number
}

function tokensOf({ inputTokens, outputTokens }: Pick<Usage, 'inputTokens' | 'outputTokens'>): number {
  return inputTokens + outputTokens
}

/** Tokens of a request by our count, including its JSON schema. */
function inputTokensOf(request: LlmRequest): number {
  const schema = request.json ? countTokens(JSON.stringify(request.json.schema)) : 0
  return countUsage(request, '').inputTokens + schema + TOKENS_PER_MESSAGE * request.messages.length
}

/** When the first of `ends` has come, or `signal` fires. Leaves no listener on it: one signal lives for a whole pass of thousands of calls. */
async function firstOf(ends: readonly Promise<void>[], signal: AbortSignal | undefined): Promise<void> {
  const { promise: aborted, resolve: abort } = withResolvers()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([...ends, aborted])
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
