import { countUsage } from '../../src/llm/count-usage.ts'
import { addUsage, NO_USAGE } from '../../src/llm/meter.ts'
import { costUsd, type Price } from '../../src/llm/prices.ts'
import { countTokens } from '../../src/tokens.ts'
import type { Llm, LlmReply, LlmRequest, Usage } from '../../src/types.ts'

export interface Limits {
  /** Input and output together; absent: no limit. */
  readonly tokens?: number | undefined
  readonly usd?: number | undefined
}

/** Output of a call before the first one has been seen: a file's note and some symbols. */
export const USUAL_OUTPUT = 350

/** Stands for a reply to a call that was not made, for lack of budget. */
export const REFUSED: LlmReply = {
  stop: 'failed',
  failure: 'passing',
  message: 'no budget left for the call',
  content: '',
  toolCalls: [],
  usage: NO_USAGE,
}

/** What a pass has spent and may still spend; calls under way count with their estimate. */
export class PassBudget {
  readonly #limits: Limits
  readonly #price: Price | null
  readonly #underWay = new Set<Cost>()
  #spent: Usage = NO_USAGE
  #estimatedInput = 0
  #refused = false

  /** price: needed for a limit in US$. */
  constructor(limits: Limits, price: Price | null) {
    this.#limits = limits
    this.#price = price
  }

  get spent(): Usage {
    return this.#spent
  }

  /** A call was not made for lack of budget. */
  get refused(): boolean {
    return this.#refused
  }

  get isSpent(): boolean {
    const { tokens = Infinity, usd = Infinity } = this.#limits
    return this.#tokens >= tokens || (this.#spent.usd ?? 0) >= usd
  }

  /** Output of a call, as far as is known: the mean so far. */
  get meanOutput(): number {
    return this.#spent.calls > 0 ? this.#spent.outputTokens / this.#spent.calls : USUAL_OUTPUT
  }

  /** Whether a call of so many input tokens, by our own count, would stay within the limits. */
  affords(inputTokens: number): boolean {
    return this.#hasRoomFor([this.#estimate(inputTokens)])
  }

  #hasRoomFor(more: readonly Cost[]): boolean {
    const all = [...this.#underWay, ...more]
    const tokens = all.reduce((sum, one) => sum + one.tokens, this.#tokens)
    const usd = all.reduce((sum, one) => sum + one.usd, this.#spent.usd ?? 0)
    return tokens <= (this.#limits.tokens ?? Infinity) && usd <= (this.#limits.usd ?? Infinity)
  }

  /** A model that makes no call, and no further attempt of one, which would pass the limits: it gives REFUSED in its place. */
  limit(llm: Llm): Llm {
    return {
      model: llm.model,
      complete: async (request, signal) => {
        const input = inputTokensOf(request)
        if (!this.affords(input)) {
          this.#refused = true
          return REFUSED
        }
        let reserved = this.#estimate(input)
        this.#underWay.add(reserved)
        const mayRepeat = (billed: Usage) => {
          const { tokens, usd } = this.#estimate(input)
          this.#underWay.delete(reserved)
          const again = { tokens: tokens + tokensOf(billed), usd: usd + (this.#priced(billed).usd ?? 0) }
          const isAffordable = this.#hasRoomFor([again])
          if (isAffordable) reserved = again
          else this.#refused = true
          this.#underWay.add(reserved)
          return isAffordable
        }
        try {
          const reply = await llm.complete({ ...request, mayRepeat }, signal)
          this.#spent = addUsage(this.#spent, this.#priced(reply.usage))
          this.#estimatedInput += reply.usage.calls > 0 ? input : 0
          return reply
        } finally {
          this.#underWay.delete(reserved)
        }
      },
    }
  }

  get #tokens(): number {
    return tokensOf(this.#spent)
  }

  /** Endpoints count with tokenizers of their own: what they counted so far, against our count, scales ours up. */
  #estimate(inputTokens: number): Cost {
    const scale = this.#estimatedInput > 0 ? Math.max(1, this.#spent.inputTokens / this.#estimatedInput) : 1
    const tokens = { inputTokens: inputTokens * scale, cachedTokens: 0, outputTokens: this.meanOutput }
    return { tokens: tokens.inputTokens + tokens.outputTokens, usd: costUsd(tokens, this.#price) ?? 0 }
  }

  #priced(usage: Usage): Usage {
    return usage.usd === null && usage.calls > 0 ? { ...usage, usd: costUsd(usage, this.#price) } : usage
  }
}

interface Cost {
  readonly tokens: number
  readonly usd: number
}

function tokensOf({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens
}

/** Tokens of a request by our own count, its JSON schema included. */
function inputTokensOf(request: LlmRequest): number {
  return countUsage(request, '').inputTokens + (request.json ? countTokens(JSON.stringify(request.json.schema)) : 0)
}
