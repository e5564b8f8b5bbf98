import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { ToolCall } from '../types.ts'
import type { TokenCounts } from './count-usage.ts'

/** A reply as it arrives: readStream() fills it piece by piece, so that what came before a break can be counted. */
export interface ChatDraft {
  content: string
  toolCalls: { id: string; name: string; arguments: string }[]
  finish: string | null
  /** null: the endpoint did not say. */
  tokens: TokenCounts | null
  /** The service tier that was used, as the endpoint states it. */
  tier: string | null
  hasChoice: boolean
  /** What the endpoint wrote in place of a choice (OpenRouter sends errors with status 200). */
  problem: string | null
}

export function emptyDraft(): ChatDraft {
  return { content: '', toolCalls: [], finish: null, tokens: null, tier: null, hasChoice: false, problem: null }
}

/** Reads a whole reply into `draft`. `reasoning_content`, which some servers add, is ignored. */
export function readCompletion(completion: ChatCompletion, draft: ChatDraft): void {
  const choice = completion.choices?.[0]
  draft.tokens = tokensOf(completion.usage)
  draft.tier = completion.service_tier ?? null
  if (!choice?.message) {
    const { error } = completion as { error?: { message?: unknown } }
    draft.problem = typeof error?.message === 'string' ? error.message : null
    return
  }
  draft.hasChoice = true
  draft.finish = choice.finish_reason ?? null
  draft.content = choice.message.content ?? choice.message.refusal ?? ''
  for (const call of choice.message.tool_calls ?? []) {
    if (call.type === 'custom') continue
    draft.toolCalls.push({ id: call.id, name: call.function.name, arguments: asText(call.function.arguments) })
  }
}

/** Reads a stream into `draft`. An abort ends the stream without an error: the caller checks its signal. */
export async function readStream(stream: AsyncIterable<ChatCompletionChunk>, draft: ChatDraft): Promise<void> {
  for await (const chunk of stream) {
    draft.tokens = tokensOf(chunk.usage) ?? draft.tokens
    draft.tier = chunk.service_tier ?? draft.tier
    const choice = chunk.choices?.[0]
    if (!choice) continue
    draft.hasChoice = true
    draft.finish = choice.finish_reason ?? draft.finish
    draft.content += choice.delta?.content ?? choice.delta?.refusal ?? ''
    for (const piece of choice.delta?.tool_calls ?? []) addToolCallPiece(draft, piece)
  }
}

/** Tool calls with an id each: some local servers send none. */
export function toolCallsOf(draft: ChatDraft): readonly ToolCall[] {
  // Object.values: `index` may leave holes
  return Object.values(draft.toolCalls).map((call, at) => ({ ...call, id: call.id || `call_${at}` }))
}

type ToolCallPiece = NonNullable<ChatCompletionChunk.Choice.Delta['tool_calls']>[number]

function addToolCallPiece({ toolCalls }: ChatDraft, piece: ToolCallPiece): void {
  // some servers leave `index` out and send each call whole
  const at =
    (piece.index as number | undefined) ?? (piece.id || !toolCalls.length ? toolCalls.length : toolCalls.length - 1)
  toolCalls[at] ??= { id: '', name: '', arguments: '' }
  const call = toolCalls[at]
  call.id ||= piece.id ?? ''
  call.name ||= piece.function?.name ?? ''
  call.arguments += asText(piece.function?.arguments ?? '')
}

function tokensOf(usage: ChatCompletion['usage'] | null): TokenCounts | null {
  if (!usage) return null
  const inputTokens = usage.prompt_tokens ?? 0
  return {
    inputTokens,
    cachedTokens: Math.min(usage.prompt_tokens_details?.cached_tokens ?? 0, inputTokens),
    outputTokens: usage.completion_tokens ?? 0,
  }
}

/** Arguments are JSON as text; a few servers send the object itself. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
