import type { Llm, LlmReply, LlmRequest } from '../types.ts'
import { ABORTED } from './aborted.ts'
import { countUsage } from './count-usage.ts'

/** A reply with optional fields. Defaults: stop is 'tools' with tool calls and 'done' without; usage is counted, at no cost. */
export type LlmReplyLike = Partial<LlmReply>

export type ScriptedReply =
  | string
  | LlmReplyLike
  | ((request: LlmRequest) => string | LlmReplyLike | Promise<string | LlmReplyLike>)

export interface ScriptedLlm extends Llm {
  /** The requests so far, in order. */
  readonly requests: readonly LlmRequest[]
}

/**
 * A model with prepared replies, one per request, in order. For tests and demonstrations. complete() throws an Error that names the request
 * if no reply is left.
 */
export function scriptedLlm(replies: readonly ScriptedReply[], options: { model?: string } = {}): ScriptedLlm {
  const requests: LlmRequest[] = []
  let next = 0
  return {
    model: options.model ?? 'scripted',
    requests,
    async complete(request, signal) {
      if (signal?.aborted) return ABORTED
      requests.push(request)
      if (next === replies.length)
        throw new Error(`no scripted reply left for request ${next + 1} ${describe(request)}`)
      const scripted = replies[next++]!
      const reply = typeof scripted === 'function' ? await scripted(request) : scripted
      return signal?.aborted ? ABORTED : fill(request, typeof reply === 'string' ? { content: reply } : reply)
    },
  }
}

function fill(request: LlmRequest, reply: LlmReplyLike): LlmReply {
  const { content = '', toolCalls = [] } = reply
  const usage = { calls: 1, ...countUsage(request, content, toolCalls), usd: 0 }
  return { stop: toolCalls.length ? 'tools' : 'done', usage, ...reply, content, toolCalls }
}

function describe({ purpose, messages }: LlmRequest): string {
  return `(purpose '${purpose}'): ${JSON.stringify(messages.at(-1)?.content.slice(0, 100) ?? '')}`
}
