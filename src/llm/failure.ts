import type { APIError } from 'openai'
import { BodyTooLarge, MOST_BODY } from '../network/limited-fetch.ts'
import { shorten } from '../text/shorten.ts'

/** Details of an endpoint for messages. */
export interface Endpoint {
  /** The base URL, without a trailing slash. */
  readonly shownUrl: string
  readonly model: string
  readonly apiKey: string | undefined
  readonly timeoutMs: number
}

interface Verdict {
  readonly message: string
  /** What the user can do, most likely cause first: one line. */
  readonly fix: string
  /** As in LlmReply. */
  readonly failure: 'fatal' | 'transient' | 'refused'
  /** Whether the same request may succeed in a moment. */
  readonly retry?: boolean
  /** Whether the endpoint had started on the request, so that it may be charged. */
  readonly billed?: boolean
}

const AGAIN = 'run it again'
const OTHER_MODEL = 'name another model (--model or REPOSE_MODEL)'
const ADDRESS = 'OPENAI_BASE_URL, or baseUrl in the user configuration'
const NOT_JSON = `check its address (${ADDRESS}); it usually ends in /v1`

/** One attempt without a reply, because of the provider or the network. `message` and `fix` are one line each for the user. */
export class CallFailure extends Error {
  readonly fix: string
  readonly failure: Verdict['failure']
  readonly retry: boolean
  readonly billed: boolean
  /** How long the endpoint asks us to wait. */
  readonly waitMs: number | null

  constructor(verdict: Verdict, options: { waitMs?: number | null; cause?: unknown } = {}) {
    super(verdict.message, { cause: options.cause })
    this.name = 'CallFailure'
    this.fix = verdict.fix
    this.failure = verdict.failure
    this.retry = verdict.retry ?? false
    this.billed = verdict.billed ?? false
    this.waitMs = options.waitMs ?? null
  }
}

/**
 * Interprets an error of the openai SDK, of fetch, or of reading a reply. null: none of these, so a bug. The message never contains the API
 * key.
 */
export function toCallFailure(error: unknown, endpoint: Endpoint): CallFailure | null {
  if (error instanceof CallFailure) return error
  const verdict = judge(error, endpoint)
  if (!verdict) return null
  const message = quote(verdict.message, endpoint.apiKey)
  return new CallFailure({ ...verdict, message }, { waitMs: askedWaitMs(error), cause: error })
}

/** No complete reply within the time limit of one attempt. */
export function timeoutFailure({ shownUrl, timeoutMs }: Endpoint): CallFailure {
  const message = `the endpoint ${shownUrl} gave no whole reply within ${timeoutMs / 1000} s`
  const fix = 'run it again; if that does not help, raise timeoutMs in the user configuration, or name a quicker model'
  return new CallFailure({ message, fix, failure: 'transient', retry: true, billed: true })
}

/**
 * A response with status 200 that contains no reply. `what` may quote the endpoint. Retried only on request, because it may have been
 * charged.
 */
export function badReplyFailure(what: string, fix: string, { shownUrl, apiKey }: Endpoint, retry = false): CallFailure {
  const message = quote(`the endpoint ${shownUrl} ${what}`, apiKey)
  return new CallFailure({ message, fix, failure: 'transient', retry, billed: true })
}

/** A reply that the content filter of the endpoint cut off. */
export function filterFailure({ shownUrl }: Endpoint): CallFailure {
  const message = `the endpoint ${shownUrl} cut the reply off with its content filter`
  const fix = 'say it in other words, or name another model'
  return new CallFailure({ message, fix, failure: 'refused', billed: true })
}

/** A response with status 200 that is not from a chat completions API. */
export function notJsonFailure(endpoint: Endpoint): CallFailure {
  return badReplyFailure('sent a reply that is not JSON', NOT_JSON, endpoint)
}

/** Detects the SDK's errors by their shape: importing its classes would load it (about 50 ms). */
export function isApiError(error: unknown): error is APIError {
  return error instanceof Error && 'requestID' in error && 'status' in error
}

/** The endpoint's error message; '' if there is none that can be read. It may contain anything, even the API key. */
export function serverText(error: APIError): string {
  const text = error.message.replace(/^\d{3} /, '')
  return text === 'status code (no body)' ? '' : text
}

function judge(error: unknown, endpoint: Endpoint): Verdict | null {
  const { shownUrl } = endpoint
  const cut = cutVerdict(error, shownUrl)
  if (cut) return cut
  if (isApiError(error))
    return error.status ? judgeStatus(error, error.status, endpoint) : judgeNoStatus(error, shownUrl)
  if (error instanceof SyntaxError) {
    const message = `the endpoint ${shownUrl} sent a reply that is not JSON`
    return { message, fix: NOT_JSON, failure: 'transient', billed: true }
  }
  // fetch throws TypeError 'terminated' with a cause if the connection ends within the body (Node 20.20)
  const code = error instanceof TypeError && error.cause ? causeCode(error) : null
  if (!code) return null
  const message = `the endpoint ${shownUrl} broke the connection (${code})`
  return { message, fix: AGAIN, failure: 'transient', retry: true, billed: true }
}

/** A reply that is too large or too deep, probably to exhaust this process, however the SDK wraps the error. */
function cutVerdict(error: unknown, shownUrl: string): Verdict | null {
  const isTooDeep = error instanceof RangeError // from code that walks its JSON
  if (!isTooDeep && !(error instanceof Error && innermost(error) instanceof BodyTooLarge)) return null
  const what = isTooDeep ? 'nests too deep to be read' : `is larger than ${MOST_BODY / 1e6} MB, or has too many lines`
  const message = `the endpoint ${shownUrl} sent a reply that ${what}`
  return { message, fix: `${OTHER_MODEL}, or check its address`, failure: 'transient', billed: true }
}

function judgeStatus(error: APIError, status: number, { shownUrl, model, apiKey }: Endpoint): Verdict {
  const text = serverText(error)
  const tail = text ? `: ${text}` : ''
  const fatal = (message: string, fix: string): Verdict => ({ message, fix, failure: 'fatal' })
  const quota = (code: string, why = '') => fatal(`quota reached (${code})${why}`, 'add credit, or set another key')
  // OpenAI's 401 message quotes parts of a wrong key, so it is not shown
  if (status === 401)
    return apiKey
      ? fatal('wrong API key (401)', 'set OPENAI_API_KEY again')
      : fatal(`${shownUrl} wants a key (401)`, 'set OPENAI_API_KEY')
  if (status === 403)
    return fatal(`the API key may not use model '${model}' (403)${tail}`, `${OTHER_MODEL}, or set another key`)
  if (status >= 300 && status < 400) {
    const there = addressOf(error.headers?.get('location'), shownUrl)
    return fatal(
      `the endpoint ${shownUrl} sends requests on to ${there} (${status}): nothing was sent there`,
      `if that address is right, set it (${ADDRESS})`,
    )
  }
  if (status === 402) return quota('402', tail)
  if (status === 404) {
    if (error.code === 'model_not_found' || /model/i.test(text))
      return fatal(
        `model '${model}' is unknown to the endpoint (404)`,
        'name one that it has, with --model or REPOSE_MODEL',
      )
    return fatal(`${shownUrl} has no chat completions (404)`, NOT_JSON)
  }
  if (status === 429) {
    if (error.code === 'insufficient_quota') return quota('429 insufficient_quota')
    if (/quota|billing/i.test(text)) return quota('429', tail)
    const fix = 'run it again in a while; a sleep pass makes fewer calls at once with --concurrency 1'
    return { message: `rate limit reached (429)${tail}`, fix, failure: 'transient', retry: true }
  }
  if (status >= 500 || status === 408 || status === 409) {
    const fix = 'run it again in a while, or see what the log of the endpoint says'
    return { message: `the endpoint ${shownUrl} failed (${status})${tail}`, fix, failure: 'transient', retry: true }
  }
  const fix = `${OTHER_MODEL}, or find out whether the endpoint accepts such requests`
  return { message: `the endpoint ${shownUrl} refused the request (${status})${tail}`, fix, failure: 'refused' }
}

/** Without user name, password and query. */
function addressOf(location: string | null | undefined, from: string): string {
  if (!location || !URL.canParse(location, from)) return 'another address'
  const { protocol, host, pathname } = new URL(location, from)
  return `${protocol}//${host}${pathname}`
}

function judgeNoStatus(error: APIError, shownUrl: string): Verdict {
  // an error event in a stream
  if (error.error) {
    const message = `the endpoint ${shownUrl} failed within the reply: ${serverText(error)}`
    return { message, fix: AGAIN, failure: 'transient', retry: true, billed: true }
  }
  // Without a code nothing was sent (for instance, fetch refuses some ports), and a retry would fail the same way.
  const code = causeCode(error)
  const what = code ?? innermost(error).message
  return {
    message: `the endpoint ${shownUrl} cannot be reached (${what})`,
    fix:
      code === 'ECONNREFUSED'
        ? `start it, or correct its address (${ADDRESS})`
        : `check the network, and the address of the endpoint (${ADDRESS})`,
    failure: 'transient',
    retry: code !== null,
  }
}

function causeCode(error: unknown): string | null {
  if (isApiError(error) && error.constructor.name === 'APIConnectionTimeoutError') return 'ETIMEDOUT'
  const { code } = innermost(error) as { code?: unknown }
  return typeof code === 'string' ? code : null
}

function innermost(error: unknown): Error {
  let inner = error as Error
  while (inner.cause instanceof Error) inner = inner.cause
  return inner
}

/** From `retry-after-ms` (milliseconds) or `retry-after` (seconds, or a date: RFC 9110, 10.2.3). */
function askedWaitMs(error: unknown): number | null {
  const headers = isApiError(error) ? error.headers : undefined
  const ms = headers?.get('retry-after-ms')
  const after = headers?.get('retry-after')
  let wait = Number.NaN
  if (ms) wait = Number(ms)
  else if (after) wait = /^[\d.]+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now()
  return Number.isFinite(wait) ? Math.max(0, wait) : null
}

const SHORTEST_KEY = 7 // characters; local servers take any word, such as 'key', and messages hold it too

/** `text` without the key, on one line, at most 300 characters. The key is removed before cutting, which might leave half of it. */
export function quote(text: string, apiKey: string | undefined): string {
  const safe = apiKey && apiKey.length >= SHORTEST_KEY ? text.replaceAll(apiKey, '[API key]') : text
  return shorten(safe.replace(/\s+/g, ' ').trim(), 300)
}
