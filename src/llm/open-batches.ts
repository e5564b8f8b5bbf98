import type { LlmRequest } from '../types.ts'
import { connect, endpointOf } from './chat-endpoint.ts'
import { emptyDraft, readCompletion, toolCallsOf } from './chat-reply.ts'
import { toChatBody } from './chat-request.ts'
import type { TokenCounts } from './count-usage.ts'
import { firstDialect } from './dialect.ts'
import { type CallFailure, toCallFailure } from './failure.ts'

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
  /** signal: work gets one of its own, since the SDK leaves a listener at the signal of each request. */
  const failing = async <Result>(signal: AbortSignal, work: (own: AbortSignal) => Promise<Result>): Promise<Result> => {
    try {
      return await work(AbortSignal.any([signal]))
    } catch (error) {
      throw toCallFailure(error, endpoint) ?? error
    }
  }
  const open = () => connect(endpoint, baseUrl)

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
        const { id } = await client.files.create({ file, purpose: 'batch' }, { signal })
        const batch = await client.batches.create(
          { input_file_id: id, endpoint: PATH, completion_window: '24h', metadata: { repose: name } },
          { signal },
        )
        return batch.id
      }),

    /** The id of a sent batch, by its name; null: none of the newest has it. */
    find: (name: string, given: AbortSignal) =>
      failing(given, async (signal) => {
        const page = await (await open()).batches.list({ limit: NEWEST }, { signal })
        return page.data.find(({ metadata }) => metadata?.repose === name)?.id ?? null
      }),

    look: (id: string, given: AbortSignal): Promise<BatchLook> =>
      failing(given, async (signal): Promise<BatchLook> => {
        const client = await open()
        const batch = await client.batches.retrieve(id, { signal })
        const ends = ['completed', 'failed', 'expired', 'cancelled']
        if (!ends.includes(batch.status)) return { state: 'running' }
        const text = batch.output_file_id
          ? await (await client.files.content(batch.output_file_id, { signal })).text()
          : ''
        const said = batch.errors?.data?.[0]?.message
        const problem = batch.status === 'completed' ? null : `the batch ${batch.status}${said ? `: ${said}` : ''}`
        return { state: 'done', replies: readReplies(text), problem }
      }).catch((error: CallFailure) => {
        const { cause } = error
        if ((cause as { status?: number } | undefined)?.status === 404) return { state: 'unknown' as const }
        throw error
      }),
  }
}

/** Replies of an output file, a JSON line each. A line that cannot be read, or whose call failed, is left out. */
function readReplies(text: string): ReadonlyMap<string, BatchReply> {
  const replies = new Map<string, BatchReply>()
  for (const line of text.split('\n')) {
    const entry = parsed(line) as { custom_id?: unknown; response?: { status_code?: unknown; body?: unknown } } | null
    if (typeof entry?.custom_id !== 'string' || entry.response?.status_code !== 200) continue
    const draft = emptyDraft()
    readCompletion(entry.response.body, draft)
    if (!draft.hasChoice || draft.unreadable || toolCallsOf(draft).length > 0) continue
    const stop = draft.finish === 'length' ? 'length' : 'done'
    replies.set(entry.custom_id, { stop, content: draft.content, tokens: draft.tokens })
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
