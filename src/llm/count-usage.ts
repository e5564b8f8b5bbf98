import { countTokens } from '../tokens/tokens.ts'
import type { LlmRequest, ToolCall, Usage } from '../types.ts'

/** Tokens of one call. */
export type TokenCounts = Omit<Usage, 'calls' | 'usd'>

/** More than any model takes or gives in one call. */
const MOST_TOKENS = 10_000_000
/** Tokenizers differ, the largest from the smallest by less than this factor, on texts of any language. */
const BELOW_OURS = 3
/** What a prompt of some words has in a tokenizer says little. */
const SMALL = 100

/**
 * Tokens of one call, counted here because the endpoint did not state them: messages, tool calls and tool descriptions
 * in, text and tool calls out. An estimate: it leaves out what a model's own tokenizer and chat template add.
 */
export function countUsage(request: LlmRequest, content: string, toolCalls: readonly ToolCall[] = []): TokenCounts {
  let inputTokens = request.tools?.length ? countTokens(JSON.stringify(request.tools)) : 0
  for (const message of request.messages) inputTokens += countTokens(message.content) + countCalls(message.toolCalls)
  return { inputTokens, cachedTokens: 0, outputTokens: countTokens(content) + countCalls(toolCalls) }
}

/**
 * What the endpoint states, where it can be: not more than any model takes, nor less than a third of what we count. Budgets rest on these
 * numbers, so that an endpoint that states nothing, too little or nonsense is counted by ourselves.
 */
export function believedUsage(stated: TokenCounts | null, counted: TokenCounts): TokenCounts {
  const isBelievable = (tokens: number, ours: number) =>
    tokens <= MOST_TOKENS && (ours <= SMALL || tokens * BELOW_OURS >= ours)
  if (!stated) return counted
  const { inputTokens, outputTokens } = stated
  return isBelievable(inputTokens, counted.inputTokens) && isBelievable(outputTokens, counted.outputTokens)
    ? stated
    : counted
}

function countCalls(toolCalls: readonly ToolCall[] = []): number {
  return toolCalls.length ? countTokens(JSON.stringify(toolCalls)) : 0
}
