import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What a chat completions request said. */
export interface SeenRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any part of it
  readonly body: any
}

export interface ReplyParts {
  readonly content?: string | null
  readonly toolCalls?: readonly { id?: string; name: string; arguments: string }[]
  readonly finish?: string | null
  /** null: the endpoint states none. Default: 100 in, 20 of them cached, 10 out. */
  readonly usage?: Readonly<Record<string, unknown>> | null
  readonly tier?: string
  /** Fields beside content in the message. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** How the server answers one request. A 'reply' is sent whole or in chunks, as the request wants it. */
export type Behaviour =
  | ({ readonly kind: 'reply' } & ReplyParts)
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body: unknown
      readonly headers?: Record<string, string>
    }
  /** Any body with status 200. */
  | { readonly kind: 'body'; readonly text: string; readonly type?: string }
  /** Never answers. `after`: the status, headers and, in a stream, first chunks are sent before. */
  | { readonly kind: 'hang'; readonly after?: 'nothing' | 'start' }
  /** Closes the connection. */
  | { readonly kind: 'reset'; readonly after?: 'nothing' | 'start' }

export interface ModelServer {
  /** 'http://127.0.0.1:PORT/v1' */
  readonly baseUrl: string
  readonly requests: readonly SeenRequest[]
  /** Resolves when the server has seen `count` requests in all. */
  seen(count: number): Promise<void>
  close(): Promise<void>
}

export const reply = (content: string, parts: ReplyParts = {}): Behaviour => ({ kind: 'reply', content, ...parts })

export const toolReply = (...toolCalls: NonNullable<ReplyParts['toolCalls']>): Behaviour => ({
  kind: 'reply',
  content: null,
  toolCalls,
  finish: 'tool_calls',
})

/** An error as OpenAI words it. */
export const refusal = (
  status: number,
  error: Readonly<Record<string, unknown>>,
  headers: Record<string, string> = {},
): Behaviour => ({ kind: 'status', status, body: { error }, headers })

/**
 * An OpenAI-compatible endpoint on 127.0.0.1 that does what it is told, request by request. A request beyond the last
 * behaviour gets status 418, which no client retries.
 */
export async function startModelServer(behaviours: readonly Behaviour[]): Promise<ModelServer> {
  const requests: SeenRequest[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const server = createServer(async (incoming, response) => {
    const body = JSON.parse(await text(incoming))
    const behaviour = behaviours[requests.length] ?? refusal(418, { message: 'no behaviour left' })
    requests.push({ path: incoming.url ?? '', headers: incoming.headers, body })
    await behave(behaviour, body.stream === true, response)
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    seen: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function behave(behaviour: Behaviour, stream: boolean, response: ServerResponse): Promise<void> {
  switch (behaviour.kind) {
    case 'reply':
      if (stream) return sendChunks(behaviour, response)
      return send(response, 200, JSON.stringify(completionOf(behaviour)))
    case 'status':
      return send(response, behaviour.status, JSON.stringify(behaviour.body), 'application/json', behaviour.headers)
    case 'body':
      return send(response, 200, behaviour.text, behaviour.type ?? (stream ? 'text/event-stream' : 'application/json'))
    case 'hang':
    case 'reset':
      if (behaviour.after === 'start') await start(stream, response)
      if (behaviour.kind === 'reset') response.socket?.destroy()
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'application/json', headers = {}): void {
  response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}

/** Sends the beginning of a reply and waits until the system has taken it. */
async function start(stream: boolean, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
  const begun = stream ? event({ choices: [{ index: 0, delta: { content: 'half a ' } }] }) : '{"choices": ['
  await new Promise((resolve) => response.write(begun, resolve))
  // the client reads the part before a reset overtakes it
  await new Promise((resolve) => setTimeout(resolve, 20))
}

const USAGE = { prompt_tokens: 100, completion_tokens: 10, prompt_tokens_details: { cached_tokens: 20 } }

function completionOf({ content = '', toolCalls, finish = 'stop', usage = USAGE, tier, extra }: ReplyParts) {
  const calls = toolCalls?.map(({ id, ...call }) => ({
    ...(id !== undefined && { id }),
    type: 'function',
    function: call,
  }))
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [
      { index: 0, message: { role: 'assistant', content, tool_calls: calls, ...extra }, finish_reason: finish },
    ],
    ...(usage && { usage }),
    ...(tier && { service_tier: tier }),
  }
}

/**
 * Content and arguments in two pieces each, then the finish, then the usage in a chunk without choices, as OpenAI does.
 */
function sendChunks(
  { content, toolCalls = [], finish = 'stop', usage = USAGE, tier, extra }: ReplyParts,
  response: ServerResponse,
): void {
  const delta = (part: object, finished: string | null = null) =>
    event({ choices: [{ index: 0, delta: part, finish_reason: finished }], ...(tier && { service_tier: tier }) })
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(delta({ role: 'assistant', content: '', ...extra }))
  for (const piece of halves(content ?? '')) response.write(delta({ content: piece }))
  toolCalls.forEach(({ id, name, arguments: whole }, index) => {
    const [first, second] = halves(whole)
    response.write(delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: first } }] }))
    response.write(delta({ tool_calls: [{ index, function: { arguments: second } }] }))
  })
  if (finish) response.write(delta({}, finish))
  if (usage) response.write(event({ choices: [], usage }))
  response.end('data: [DONE]\n\n')
}

function halves(whole: string): [string, string] {
  const middle = Math.ceil(whole.length / 2)
  return [whole.slice(0, middle), whole.slice(middle)]
}

function event(chunk: object): string {
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', ...chunk })}\n\n`
}
