import { countAllTokens } from '../tokens/tokens.ts'
import type { LlmRequest, ToolCall, Usage } from '../types.ts'

/** Tokens of one call. */
export type TokenCounts = Omit<Usage, 'calls' | 'usd'>

/** More than any model accepts or returns in one call. */
const MOST_TOKENS = 10_000_000
/** Counts of different tokenizers differ by less than this factor, in any language. */
const BELOW_OURS = 3
/** A prompt of few words is too short to compare tokenizers. */
const SMALL = 100

/**
 * Our count of a call's tokens, used if the endpoint reports none. Input: messages, tool calls and tool descriptions; output: text and tool
 * calls. An estimate: it ignores the model's own tokenizer and chat template.
 */
export function countUsage(request: LlmRequest, content: string, toolCalls: readonly ToolCall[] = []): TokenCounts {
  const inputTokens = countAllTokens([
    ...(request.tools?.length ? [JSON.stringify(request.tools)] : []),
    ...request.messages.flatMap((message) => [message.content, ...textOfCalls(message.toolCalls)]),
  ])
  return { inputTokens, cachedTokens: 0, outputTokens: countAllTokens([content, ...textOfCalls(toolCalls)]) }
}

/**
 * The reported counts, or ours if those are implausible: more than any model accepts, or less than a third of our count. Budgets depend on
 * them, so an endpoint that reports nothing, too little or nonsense gets our count.
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

function textOfCalls(toolCalls: readonly ToolCall[] = []): readonly string[] {
  return toolCalls.length > 0 ? [JSON.stringify(toolCalls)] : []
}
