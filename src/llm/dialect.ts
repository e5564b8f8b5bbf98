import type { LlmRequest } from '../types.ts'

/** Optional features that an endpoint supports. Starts with all of them and drops those that the endpoint rejects. */
export interface Dialect {
  readonly json: 'json_schema' | 'json_object' | 'none'
  readonly maxTokens: 'max_tokens' | 'max_completion_tokens'
  /** Whether to send an output limit if the request has none: otherwise a model that never stops would cost up to its own limit. */
  readonly cap: boolean
  /** Whether to name the service tier that the user wants. */
  readonly tier: boolean
}

/** Tokens. No useful reply is longer, reasoning included. For models with a smaller limit none is sent. */
export const MOST_OUTPUT = 32_000

/** A response with status 400 or similar. `text` is '' if its message could not be read. */
export interface Refusal {
  readonly status: number
  readonly param: string | null
  readonly text: string
}

/** OpenAI's newer models reject `max_tokens`; many other servers know only that name and ignore the new one. */
export function firstDialect(baseUrl: string): Dialect {
  const isOpenAi = new URL(baseUrl).hostname === 'api.openai.com'
  return { json: 'json_schema', maxTokens: isOpenAi ? 'max_completion_tokens' : 'max_tokens', cap: true, tier: true }
}

/**
 * The next plainer dialect if a refusal is about the dialect, else null. Each step drops one feature, so there are at most five. FastAPI
 * servers use 422 for unknown fields.
 */
export function plainerDialect(dialect: Dialect, request: LlmRequest, refusal: Refusal): Dialect | null {
  if (refusal.status !== 400 && refusal.status !== 422) return null
  const about = refusal.param ?? refusal.text
  if (dialect.tier && /service[_ ]tier/i.test(about)) return { ...dialect, tier: false }
  const isOurCap = !request.maxOutputTokens && dialect.cap
  const isStated = request.maxOutputTokens !== undefined || isOurCap
  if (isOurCap && isTooMuch(refusal.text)) return { ...dialect, cap: false }
  if (isStated && dialect.maxTokens === 'max_tokens' && /\bmax_tokens\b/.test(about)) {
    return { ...dialect, maxTokens: 'max_completion_tokens' }
  }
  if (isOurCap && /\bmax_(completion_)?tokens\b/.test(about)) return { ...dialect, cap: false }
  if (request.json && dialect.json !== 'none' && (!about || isAboutJson(about)))
    return { ...dialect, json: dialect.json === 'json_schema' ? 'json_object' : 'none' }
  return isOurCap && !about ? { ...dialect, cap: false } : null
}

/** 'max_tokens is too large: 32000. This model supports at most 16384 completion tokens', and similar messages. */
function isTooMuch(text: string): boolean {
  return (
    /max_(completion_)?tokens|completion tokens|output tokens|context (length|window)/i.test(text) &&
    /too (large|high|big|many|long)|greater|exceed|at most|less than|maximum|\bmust be\b/i.test(text)
  )
}

/**
 * Whether a refusal means that the model's output limit is below the request's. Then the request needs no limit. OpenAI: "max_tokens is too
 * large: 9896. This model supports at most 4096 completion tokens"; vLLM: "'max_tokens' or 'max_completion_tokens' is too large: 9896. This
 * model's maximum context length is 8192 tokens".
 */
export function isOutputTooLong({ maxOutputTokens }: LlmRequest, { status, param, text }: Refusal): boolean {
  if (!maxOutputTokens || (status !== 400 && status !== 422)) return false
  const about = `${param ?? ''} ${text}`
  return (
    /max_(completion_)?tokens/.test(about) &&
    new RegExp(`\\b${maxOutputTokens}\\b|at most|too (large|high|long)|maximum`, 'i').test(text)
  )
}

function isAboutJson(about: string): boolean {
  return /response[_ ]format|json[_ ]?schema|json[_ ]?object|structured[_ ]output|not supported|unsupported/i.test(
    about,
  )
}
