import { createHash } from 'node:crypto'
import { z } from 'zod'
import { UserError } from '../errors.ts'
import { MOST_TEXT, readRegularText } from '../files/read-regular.ts'
import { parseJson } from '../text/parse-json.ts'
import type { LlmReply, LlmRequest, Usage } from '../types.ts'

/** Replies of a real model, stored so that they can be repeated without a network. Requests are stored only as hashes. */
export interface Recording {
  readonly model: string
  /** ISO 8601, UTC. */
  readonly recordedAt: string
  readonly note: string
  readonly exchanges: readonly Exchange[]
}

export interface Exchange {
  readonly requestHash: string
  readonly purpose: string
  /** `stop` may be omitted: 'tools' with tool calls, 'done' without. */
  readonly reply: Pick<LlmReply, 'content' | 'toolCalls'> & { readonly stop?: 'done' | 'tools' | 'length' | undefined }
  readonly usage: Usage
}

/** Reads a recording from a JSON file. Throws UserError if it cannot be read or is not a recording. */
export function readRecording(path: string): Recording {
  const fix = 'give the file that --record wrote'
  const text = readRegularText(path, { followLink: true, maxBytes: MOST_TEXT })
  if (text === null) throw new UserError(`the recording ${path} cannot be read`, fix)
  try {
    return recordingSchema().parse(parseJson(text))
  } catch (cause) {
    throw new UserError(`${path} is not a recording`, fix, { cause })
  }
}

/**
 * sha-256 (hex) of a request: messages, tools and JSON schema, independent of key order. It must not depend on the machine: the caller
 * keeps absolute paths and dates out of requests.
 */
export function requestHash({ messages, tools = [], json }: LlmRequest): string {
  const asked = stableJson({ messages, tools, schema: json?.schema })
  return createHash('sha256').update(asked).digest('hex')
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (!part || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

function recordingSchema(): z.ZodType<Recording> {
  const count = z.number().int().nonnegative()
  const toolCall = z.object({ id: z.string(), name: z.string(), arguments: z.string() })
  const reply = z.object({
    content: z.string(),
    toolCalls: z.array(toolCall),
    stop: z.enum(['done', 'tools', 'length']).optional(),
  })
  const usage = z.object({
    calls: count,
    inputTokens: count,
    cachedTokens: count,
    outputTokens: count,
    usd: z.number().nonnegative().nullable(),
  })
  const exchange = z.object({ requestHash: z.string(), purpose: z.string(), reply, usage })
  return z.object({ model: z.string(), recordedAt: z.string(), note: z.string(), exchanges: z.array(exchange) })
}
