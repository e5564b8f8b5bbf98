import type { LlmRequest } from '../types.ts'
import { connect, endpointOf } from './chat-endpoint.ts'
import { emptyReply, readCompletion, toolCallsOf } from './chat-reply.ts'
import { toChatBody } from './chat-request.ts'
import type { TokenCounts } from './count-usage.ts'
import { firstDialect } from './dialect.ts'
import { badReplyFailure, type CallFailure, quote, timeoutFailure, toCallFailure } from './failure.ts'
import { withTimeLimit } from './time-limit.ts'

/** What became of one call of a batch. */
export interface BatchReply {
  readonly stop: 'done' | 'length'
  readonly content: string
  /** null: the endpoint reports none. */
  readonly tokens: TokenCounts | null
}

export type BatchLook =
  | { readonly state: 'running' }
  /** replies: by the key of the call; one without a reply is absent. problem: why some or all have none. */
  | { readonly state: 'done'; readonly replies: ReadonlyMap<string, BatchReply>; readonly problem: string | null }
  /** The endpoint knows no such batch. */
  | { readonly state: 'unknown' }

export type Batches = ReturnType<typeof openBatches>

const PATH = '/v1/chat/completions'
const MOST_LINES = 10_000 // of an output file; a batch has some hundred calls
const NEWEST = 100 // batches that are looked through for one whose id was not saved

/**
 * The Batch API of an OpenAI-compatible endpoint (Files and Batches): calls that need no answer now, at half the price. Loads and sends
 * nothing before the first call. Throws CallFailure where the endpoint or the network fails, and UserError for an invalid address or key.
 */
export function openBatches(options: {
  readonly model: string
  readonly baseUrl?: string | undefined
  readonly apiKey?: string | undefined
}) {
  const { model, apiKey, baseUrl = 'https://api.openai.com/v1' } = options
  const endpoint = endpointOf({ model, baseUrl, apiKey, timeoutMs: 300_000 })
  /** `work` gets its own signal and time limit: the SDK leaves a listener on each request's signal, and its limit ends at the headers. */
  const failing = async <Result>(signal: AbortSignal, work: (own: AbortSignal) => Promise<Result>): Promise<Result> => {
    try {
      return await withTimeLimit(endpoint.timeoutMs, signal, () => timeoutFailure(endpoint), work)
    } catch (error) {
      throw toCallFailure(error, endpoint) ?? error
    }
  }
  const open = () => connect(endpoint, baseUrl)
  const fieldOf = (answer: unknown, key: string) => (answer as Readonly<Record<string, unknown>> | null)?.[key]
  const lacks = (key: string) =>
    badReplyFailure(`sent a batch or file without ${key}`, 'leave out --batch to make the calls now', endpoint)
  /** A text field of an answer. Throws CallFailure if it is anything else: the endpoint may send whatever it wants. */
  const textIn = (answer: unknown, key: string): string => {
    const value = fieldOf(answer, key)
    if (typeof value === 'string' && value !== '') return value
    throw lacks(key)
  }
  /** A field that becomes a part of an address. Throws CallFailure for a value that cannot. */
  const idIn = (answer: unknown, key: string): string => {
    const value = fieldOf(answer, key)
    if (isId(value)) return value
    throw lacks(`a usable ${key}`)
  }

  return {
    /** Names the endpoint: a batch can be looked at only there. */
    address: endpoint.shownUrl,

    /** A call as it is sent, in the dialect of OpenAI: a batch cannot be tried again in another one. */
    bodyOf: (request: LlmRequest): string =>
      JSON.stringify(toChatBody(request, { model, dialect: firstDialect(baseUrl) })),

    /** Sends calls (key, body) and returns the id of their batch. name: for find(). */
    send: (name: string, calls: readonly { readonly key: string; readonly body: string }[], given: AbortSignal) =>
      failing(given, async (signal) => {
        const client = await open()
        const lines = calls.map(
          ({ key, body }) => `{"custom_id":${JSON.stringify(key)},"method":"POST","url":"${PATH}","body":${body}}\n`,
        )
        const file = new File(lines, `${name}.jsonl`, { type: 'application/jsonl' })
        const sent = idIn(await client.files.create({ file, purpose: 'batch' }, { signal }), 'id')
        const batch = await client.batches.create(
          { input_file_id: sent, endpoint: PATH, completion_window: '24h', metadata: { repose: name } },
          { signal },
        )
        return idIn(batch, 'id')
      }),

    /** The id of a sent batch, by its name; null: none of the newest has it. */
    find: (name: string, given: AbortSignal) =>
      failing(given, async (signal) => {
        const client = await open()
        const list = await client.batches.list({ limit: NEWEST }, { signal }).asResponse()
        const { data } = (parsed(await list.text()) ?? {}) as { data?: unknown } // the SDK throws a TypeError for other shapes
        const batch = Array.isArray(data) ? data.find((one) => one?.metadata?.repose === name) : undefined
        return batch ? idIn(batch, 'id') : null
      }),

    look: (id: string, given: AbortSignal): Promise<BatchLook> =>
      failing(given, async (signal): Promise<BatchLook> => {
        if (!isId(id)) return { state: 'unknown' } // kept by an earlier version
        const client = await open()
        const batch = await client.batches.retrieve(id, { signal })
        const status = textIn(batch, 'status')
        const ends = ['completed', 'failed', 'expired', 'cancelled']
        if (!ends.includes(status)) return { state: 'running' }
        const output = batch.output_file_id ? idIn(batch, 'output_file_id') : null
        const text = output === null ? '' : await (await client.files.content(output, { signal })).text()
        const said: unknown = batch.errors?.data?.[0]?.message
        const why = typeof said === 'string' && said !== '' ? `: ${quote(said, apiKey)}` : ''
        const problem = status === 'completed' ? null : `the batch ${status}${why}`
        return { state: 'done', replies: readReplies(text), problem }
      }).catch((error: CallFailure) => {
        const { cause } = error
        if ((cause as { status?: number } | undefined)?.status === 404) return { state: 'unknown' as const }
        throw error
      }),
  }
}

/** Whether a value can be a part of an address: the SDK throws errors of its own for others. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,500}$/.test(value) && !/(^|[/\\])\.{1,2}([/\\]|$)/.test(value)
}

/** Replies of an output file (JSON Lines). Lines that cannot be read, whose call failed, or that come after MOST_LINES are left out. */
function readReplies(text: string): ReadonlyMap<string, BatchReply> {
  const replies = new Map<string, BatchReply>()
  for (const line of text.split('\n', MOST_LINES)) {
    const entry = parsed(line) as { custom_id?: unknown; response?: { status_code?: unknown; body?: unknown } } | null
    if (typeof entry?.custom_id !== 'string' || entry.response?.status_code !== 200) continue
    const reply = emptyReply()
    readCompletion(entry.response.body, reply)
    if (!reply.hasChoice || reply.unreadable || toolCallsOf(reply).length > 0) continue
    const stop = reply.finish === 'length' ? 'length' : 'done'
    replies.set(entry.custom_id, { stop, content: reply.content, tokens: reply.tokens })
  }
  return replies
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
