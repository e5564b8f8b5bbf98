import type OpenAI from 'openai'
import { UserError } from '../errors.ts'
import { limitedFetch } from '../network/limited-fetch.ts'
import type { LlmRequest } from '../types.ts'
import { type ReplySoFar, readCompletion, readStream } from './chat-reply.ts'
import { toChatBody } from './chat-request.ts'
import { type Dialect, firstDialect, isOutputTooLong, plainerDialect, type Refusal } from './dialect.ts'
import {
  badReplyFailure,
  type Endpoint,
  filterFailure,
  isApiError,
  notJsonFailure,
  serverText,
  timeoutFailure,
  toCallFailure,
} from './failure.ts'
import { withTimeLimit } from './time-limit.ts'

export interface ChatOptions {
  readonly model: string
  readonly baseUrl: string
  readonly apiKey: string | undefined
  readonly timeoutMs: number
  readonly serviceTier: 'flex' | undefined
  readonly stream: boolean
  readonly log: (line: string) => void
}

/**
 * Wraps the openai SDK: calls the endpoint once and fills `reply`. Throws CallFailure for endpoint and network failures, the
 * signal's reason on abort. If the endpoint rejects the dialect, a plainer one is tried immediately and kept: a rejection costs nothing.
 * Throws UserError for an invalid base URL or key.
 */
export function openChat(options: ChatOptions) {
  const { model, baseUrl, serviceTier, stream, log } = options
  const endpoint = endpointOf(options)
  let dialect = firstDialect(baseUrl)
  let client: Promise<OpenAI> | undefined

  async function send(request: LlmRequest, used: Dialect, reply: ReplySoFar, signal: AbortSignal): Promise<void> {
    client ??= connect(endpoint, baseUrl)
    const { completions } = (await client).chat
    const body = toChatBody(request, { model, dialect: used, serviceTier })
    if (stream) {
      const streamed = { ...body, stream: true as const, stream_options: { include_usage: true } }
      return readStream(await completions.create(streamed, { signal }), reply)
    }
    // the SDK returns a body of another content type as text
    const completion: unknown = await completions.create(body, { signal })
    if (typeof completion !== 'object' || !completion) throw notJsonFailure(endpoint)
    readCompletion(completion, reply)
  }

  return {
    async ask(asked: LlmRequest, reply: ReplySoFar, signal: AbortSignal | undefined): Promise<void> {
      let request = asked
      for (;;) {
        const used = dialect
        try {
          await withTimeLimit(
            endpoint.timeoutMs,
            signal,
            () => timeoutFailure(endpoint),
            (limit) => send(request, used, reply, limit),
          )
          return requireUsable(reply, stream, endpoint)
        } catch (error) {
          const refusal = refusalIn(error)
          if (refusal && isOutputTooLong(request, refusal)) {
            log(`the endpoint ${endpoint.shownUrl} refused so long a reply; asking without a limit of it`)
            request = { ...request, maxOutputTokens: undefined }
            if (dialect === used) dialect = { ...used, cap: false } // our own limit would be even longer
            continue
          }
          const plainer = refusal && plainerDialect(used, request, refusal)
          if (!plainer) throw signal?.aborted ? error : (toCallFailure(error, endpoint) ?? error)
          // another call may have changed it meanwhile
          if (dialect === used) dialect = plainer
          const words = ({ json, maxTokens, cap, tier }: Dialect) =>
            `${json} with ${cap ? '' : 'no default of '}${maxTokens}${tier ? '' : ', without a service tier'}`
          log(`the endpoint ${endpoint.shownUrl} refused ${words(used)}; trying ${words(dialect)}`)
        }
      }
    },
  }
}

export async function connect({ apiKey, timeoutMs }: Endpoint, baseUrl: string): Promise<OpenAI> {
  const { default: Client } = await import('openai')
  return new Client({
    baseURL: baseUrl,
    // the SDK requires a key; local servers ignore it
    apiKey: apiKey ?? 'none',
    // we do both: retry.ts, time-limit.ts (the SDK's limit covers only the headers)
    maxRetries: 0,
    timeout: timeoutMs + 1000,
    // OPENAI_LOG=debug would write to stdout, which is for results
    logLevel: 'off',
    fetch: limitedFetch,
  })
}

export function endpointOf({
  model,
  baseUrl,
  apiKey,
  timeoutMs,
}: Pick<ChatOptions, 'model' | 'baseUrl' | 'apiKey' | 'timeoutMs'>): Endpoint {
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl)) {
    throw new UserError(`the base URL '${baseUrl}' is not an http(s) URL`, 'give one like http://127.0.0.1:11434/v1')
  }
  const key = apiKey?.trim()
  // fetch would throw with the key in its message
  if (key && /[^\x21-\x7e]/.test(key)) {
    throw new UserError(
      'the API key holds a space, a line break or a letter that no key has',
      'set OPENAI_API_KEY again',
    )
  }
  const { origin, pathname, username, password, search } = new URL(baseUrl)
  // fetch rejects credentials with the whole URL in its message; after a query the SDK would append its path
  if (username || password || search) {
    throw new UserError(
      'the base URL holds a user name, password or query',
      'leave it out; OPENAI_API_KEY holds the key',
    )
  }
  return { shownUrl: origin + pathname.replace(/\/$/, ''), model, apiKey: key || undefined, timeoutMs }
}

function refusalIn(error: unknown): Refusal | null {
  if (!isApiError(error) || !error.status) return null
  const param = typeof error.param === 'string' && error.param ? error.param : null
  return { status: error.status, param, text: serverText(error) }
}

const OTHER_MODEL = 'run it again, or name another model (--model or REPOSE_MODEL)'

function requireUsable(reply: ReplySoFar, stream: boolean, endpoint: Endpoint): void {
  const said = reply.problem ? `: ${reply.problem}` : ''
  if (!reply.hasChoice) throw badReplyFailure(`sent no choice${said}`, OTHER_MODEL, endpoint)
  if (reply.unreadable) throw badReplyFailure(`sent a reply that ${reply.unreadable}`, OTHER_MODEL, endpoint)
  if (reply.finish === 'content_filter') throw filterFailure(endpoint)
  // a gateway whose own source broke off ends its stream normally, but without either sign of an end
  if (stream && !reply.finish && !reply.tokens)
    throw badReplyFailure('ended the stream within the reply', 'run it again', endpoint, true)
}
