import { countTokens } from '../tokens.ts'
import type { LlmRequest, ToolCall, Usage } from '../types.ts'

/** Tokens of one call. */
export type TokenCounts = Omit<Usage, 'calls' | 'usd'>

/**
 * Tokens of one call, counted here because the endpoint did not state them: messages, tool calls and tool descriptions
 * in, text and tool calls out. An estimate: it leaves out what a model's own tokenizer and chat template add.
 */
export function countUsage(request: LlmRequest, content: string, toolCalls: readonly ToolCall[] = []): TokenCounts {
  let inputTokens = request.tools?.length ? countTokens(JSON.stringify(request.tools)) : 0
  for (const message of request.messages) inputTokens += countTokens(message.content) + countCalls(message.toolCalls)
  return { inputTokens, cachedTokens: 0, outputTokens: countTokens(content) + countCalls(toolCalls) }
}

function countCalls(toolCalls: readonly ToolCall[] = []): number {
  return toolCalls.length ? countTokens(JSON.stringify(toolCalls)) : 0
}
