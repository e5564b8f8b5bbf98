import type { Llm, Usage } from '../types.ts'
import { isCount } from './chat-reply.ts'
import { believedUsage, countUsage } from './count-usage.ts'

/**
 * Wraps a model that a program brings: the usage that it reports counts as that of an endpoint does, so our own count replaces what is missing,
 * impossible or too little. A reply with 0 calls and 0 tokens was free.
 */
export function believedLlm(llm: Llm): Llm {
  return {
    model: llm.model,
    async complete(request, signal) {
      const reply = await llm.complete(request, signal)
      const counted = { ...countUsage(request, reply.content, reply.toolCalls), calls: 1, usd: null }
      return { ...reply, usage: believed(reply.usage, counted) }
    },
  }
}

function believed(stated: Partial<Usage> | undefined, counted: Usage): Usage {
  if (!stated) return counted
  const { calls = 1, inputTokens = 0, cachedTokens = 0, outputTokens = 0, usd = null } = stated
  const numbers = [calls, inputTokens, cachedTokens, outputTokens]
  if (!numbers.every(isCount) || cachedTokens > inputTokens) return counted
  if (numbers.every((one) => one === 0)) return { calls, inputTokens, cachedTokens, outputTokens, usd: 0 }
  const tokens = { inputTokens, cachedTokens, outputTokens }
  if (believedUsage(tokens, counted) !== tokens) return counted
  return { ...tokens, calls: Math.max(calls, 1), usd: usd !== null && usd >= 0 && usd < Infinity ? usd : null }
}
