import type { ToolCall } from '../types.ts'
import type { TokenCounts } from './count-usage.ts'

/** A reply that is still arriving. readStream() fills it piece by piece, so that a partial reply can be counted. */
export interface ReplySoFar {
  content: string
  toolCalls: { id: string; name: string; arguments: string }[]
  finish: string | null
  /** As reported by the endpoint; null: not reported, or not as whole numbers. */
  tokens: TokenCounts | null
  /** The service tier that was used, as reported by the endpoint. */
  tier: string | null
  hasChoice: boolean
  /** The endpoint's error in place of a choice (OpenRouter sends errors with status 200). */
  problem: string | null
  /** Describes invalid parts of the reply: content that is not text, a call without a name. null: everything is valid. */
  unreadable: string | null
}

export function emptyReply(): ReplySoFar {
  return {
    content: '',
    toolCalls: [],
    finish: null,
    tokens: null,
    tier: null,
    hasChoice: false,
    problem: null,
    unreadable: null,
  }
}

/** Limits per reply: number of calls, and total characters of text and arguments. */
const MOST_CALLS = 128
export const MOST_TEXT = 1_000_000

/** Fills `reply` from any complete reply. Ignores `reasoning_content`, which some servers add. */
export function readCompletion(completion: unknown, reply: ReplySoFar): void {
  const whole = objectOf(completion)
  const choice = objectOf(listOf(whole.choices)[0])
  reply.tokens = tokensOf(whole.usage)
  reply.tier = textOf(whole.service_tier)
  const message = choice.message
  if (typeof message !== 'object' || message === null) {
    reply.problem = textOf(objectOf(whole.error).message)
    return
  }
  reply.hasChoice = true
  reply.finish = textOf(choice.finish_reason)
  const { content, refusal, tool_calls } = objectOf(message)
  addContent(reply, content ?? refusal)
  for (const call of listOf(tool_calls)) {
    const { id, type, function: called } = objectOf(call)
    if (type !== 'custom') addCall(reply, reply.toolCalls.length, id, objectOf(called))
  }
  checkCalls(reply)
}

/** Fills `reply` from a stream. An abort ends the stream without an error, so the caller has to check its signal. */
export async function readStream(stream: AsyncIterable<unknown>, reply: ReplySoFar): Promise<void> {
  const places = new Map<unknown, number>() // of calls, by their index
  for await (const piece of stream) {
    const chunk = objectOf(piece)
    reply.tokens = tokensOf(chunk.usage) ?? reply.tokens
    reply.tier = textOf(chunk.service_tier) ?? reply.tier
    const [first] = listOf(chunk.choices)
    if (typeof first !== 'object' || first === null) continue
    const choice = objectOf(first)
    reply.hasChoice = true
    reply.finish = textOf(choice.finish_reason) ?? reply.finish
    const { content, refusal, tool_calls } = objectOf(choice.delta)
    addContent(reply, content ?? refusal)
    for (const call of listOf(tool_calls)) {
      const { index, id, function: called } = objectOf(call)
      const { length } = reply.toolCalls
      // some servers omit `index` and send each call complete
      const known = Number.isInteger(index) ? places.get(index) : undefined
      const at = known ?? (Number.isInteger(index) || textOf(id) || length === 0 ? length : length - 1)
      if (Number.isInteger(index)) places.set(index, at)
      addCall(reply, at, id, objectOf(called))
    }
    if (sizeOf(reply) > MOST_TEXT) reply.unreadable ??= TOO_LONG
    if (reply.unreadable === TOO_LONG) return
  }
  checkCalls(reply)
}

/** Tool calls, each with an id: some local servers send none. */
export function toolCallsOf(reply: ReplySoFar): readonly ToolCall[] {
  return reply.toolCalls.map((call, at) => ({ ...call, id: call.id || `call_${at}` }))
}

const TOO_LONG = `has more than ${MOST_TEXT / 1e6} million characters`

function addContent(reply: ReplySoFar, content: unknown): void {
  if (content === null || content === undefined) return
  const parts = typeof content === 'string' ? [content] : partsOf(content)
  if (parts) reply.content += parts.join('')
  else reply.unreadable ??= 'has a content that is no text'
  if (sizeOf(reply) > MOST_TEXT) reply.unreadable ??= TOO_LONG
}

/** Some servers send a list of parts, as is allowed in requests. null: not a list of parts. */
function partsOf(content: unknown): string[] | null {
  if (!Array.isArray(content)) return null
  const texts = content.map((part) => textOf(objectOf(part).text))
  return texts.every((text) => text !== null) ? texts : null
}

function addCall(reply: ReplySoFar, at: number, id: unknown, called: Readonly<Record<string, unknown>>): void {
  if (at >= MOST_CALLS) return
  reply.toolCalls[at] ??= { id: '', name: '', arguments: '' }
  const call = reply.toolCalls[at]
  call.id ||= textOf(id) ?? ''
  call.name ||= textOf(called.name) ?? ''
  const added = argumentsOf(called.arguments)
  if (added === null) reply.unreadable ??= 'has a tool call whose arguments cannot be read'
  else call.arguments += added
}

/** Arguments are JSON as text; a few servers send an object. null: neither. */
function argumentsOf(value: unknown): string | null {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return null
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return null // it is nested too deep
    throw error
  }
}

function checkCalls(reply: ReplySoFar): void {
  if (reply.toolCalls.some(({ name }) => name === '')) reply.unreadable ??= 'has a tool call without a name'
  if (sizeOf(reply) > MOST_TEXT) reply.unreadable ??= TOO_LONG
}

function sizeOf({ content, toolCalls }: ReplySoFar): number {
  return toolCalls.reduce(
    (sum, call) => sum + call.id.length + call.name.length + call.arguments.length,
    content.length,
  )
}

/** null: missing, or not numbers of tokens. count-usage.ts decides whether they are plausible. */
function tokensOf(usage: unknown): TokenCounts | null {
  const { prompt_tokens, completion_tokens, prompt_tokens_details } = objectOf(usage)
  const stated = [prompt_tokens ?? 0, objectOf(prompt_tokens_details).cached_tokens ?? 0, completion_tokens ?? 0]
  if (typeof usage !== 'object' || usage === null || !stated.every(isCount)) return null
  const [inputTokens, cachedTokens, outputTokens] = stated as [number, number, number]
  return { inputTokens, cachedTokens: Math.min(cachedTokens, inputTokens), outputTokens }
}

export function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
