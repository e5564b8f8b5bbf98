import { afterEach, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { type OpenLlmOptions, openLlm } from '../../src/llm/open-llm.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { LlmRequest } from '../../src/types.ts'
import {
  type Behaviour,
  type ModelServer,
  refusal,
  reply,
  startModelServer,
  toolReply,
} from '../helpers/model-server.ts'

const KEY = 'sk-test-0123456789abcdef'
const HELLO: LlmRequest = { messages: [{ role: 'user', content: 'hello there' }], purpose: 'test' }
const AS_JSON: LlmRequest = {
  messages: [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: 'hello' },
  ],
  json: { name: 'answer', schema: { type: 'object', properties: { n: { type: 'number' } } } },
  purpose: 'test',
}

let server: ModelServer | undefined
afterEach(closeServer)

async function closeServer() {
  await server?.close()
  server = undefined
}

async function llmFor(behaviours: readonly Behaviour[], options: Partial<OpenLlmOptions> = {}) {
  server = await startModelServer(behaviours)
  const log: string[] = []
  const llm = openLlm({
    model: 'gpt-4.1',
    baseUrl: server.baseUrl,
    apiKey: KEY,
    retryBaseMs: 1,
    log: (line) => log.push(line),
    ...options,
  })
  return { llm, log, server }
}

const MODES = [
  { mode: 'whole replies', stream: false },
  { mode: 'streams', stream: true },
]

test('a request carries model, messages, tools and limit in the words of the API', async () => {
  const { llm, server } = await llmFor([reply('ok')])
  const call = { id: 'c1', name: 'read', arguments: '{"path":"a.ts"}' }
  await llm.complete({
    messages: [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'read a.ts' },
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', content: 'text of a.ts', toolCallId: 'c1' },
    ],
    tools: [{ name: 'read', description: 'reads', parameters: { type: 'object' } }],
    maxOutputTokens: 50,
    purpose: 'test',
  })
  expect(server.requests[0]?.path).toBe('/v1/chat/completions')
  expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
  expect(server.requests[0]?.body).toEqual({
    model: 'gpt-4.1',
    messages: [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'read a.ts' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{"path":"a.ts"}' } }],
      },
      { role: 'tool', content: 'text of a.ts', tool_call_id: 'c1' },
    ],
    tools: [{ type: 'function', function: { name: 'read', description: 'reads', parameters: { type: 'object' } } }],
    max_tokens: 50,
  })
})

test('a stream is asked for with its usage', async () => {
  const { llm, server } = await llmFor([reply('ok')], { stream: true })
  await llm.complete(HELLO)
  expect(server.requests[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
})

for (const { mode, stream } of MODES) {
  test(`usage is what the endpoint states (${mode})`, async () => {
    const { llm } = await llmFor([reply('hi')], { stream })
    const { usage } = await llm.complete(HELLO)
    expect(usage).toEqual({ calls: 1, inputTokens: 100, cachedTokens: 20, outputTokens: 10, usd: null })
  })

  test(`usage is counted when the endpoint states none (${mode})`, async () => {
    const { llm } = await llmFor([reply('a short answer', { usage: null })], { stream })
    const tools = [{ name: 'read', description: 'reads a file', parameters: {} }]
    const { usage } = await llm.complete({ ...HELLO, tools })
    expect(usage).toMatchObject({
      calls: 1,
      inputTokens: countTokens('hello there') + countTokens(JSON.stringify(tools)),
      cachedTokens: 0,
      outputTokens: countTokens('a short answer'),
    })
  })

  test(`a price given for the model is used, also for a local endpoint (${mode})`, async () => {
    const price = { inputPerMillion: 10, cachedPerMillion: 1, outputPerMillion: 100 }
    const { llm } = await llmFor([reply('hi'), reply('hi', { tier: 'flex' }), reply('hi', { tier: 'default' })], {
      stream,
      price,
      serviceTier: 'flex',
    })
    const full = (80 * 10 + 20 * 1 + 10 * 100) / 1e6
    const costs = []
    for (let i = 0; i < 3; i++) costs.push((await llm.complete(HELLO)).usage.usd)
    // only the tier that was served counts, not the one asked for
    expect(costs).toEqual([full, full / 2, full])
    expect(server?.requests[0]?.body.service_tier).toBe('flex')
  })

  test(`an endpoint that refuses the service tier is asked without it from then on (${mode})`, async () => {
    const no = refusal(400, { message: "Unknown parameter: 'service_tier'.", param: 'service_tier' })
    const { llm, server } = await llmFor([no, reply('hi'), reply('hi')], { stream, serviceTier: 'flex' })
    for (const _ of [1, 2]) expect(await llm.complete(HELLO)).toMatchObject({ stop: 'done', usage: { calls: 1 } })
    expect(server.requests.map(({ body }) => body.service_tier)).toEqual(['flex', undefined, undefined])
  })

  test(`reasoning of the model is no part of the reply (${mode})`, async () => {
    const { llm } = await llmFor([reply('42', { extra: { reasoning_content: 'let me think' } })], { stream })
    expect((await llm.complete(HELLO)).content).toBe('42')
  })

  test(`no choice is a passing failure, and paid for (${mode})`, async () => {
    const text = stream ? 'data: {"choices":[]}\n\ndata: [DONE]\n\n' : '{"choices":[]}'
    const { llm, server } = await llmFor([{ kind: 'body', text }], { stream })
    const { stop, failure, message, usage } = await llm.complete(HELLO)
    expect({ stop, failure, message }).toEqual({
      stop: 'failed',
      failure: 'transient',
      message: `the endpoint ${server.baseUrl} sent no choice`,
    })
    expect(usage.calls).toBe(1)
    expect(server.requests).toHaveLength(1)
  })

  test(`a reply that is not JSON is a passing failure (${mode})`, async () => {
    const text = stream ? 'data: {"choices": [oops\n\n' : '{"choices": [oops'
    const { llm, server } = await llmFor([{ kind: 'body', text }], { stream })
    expect(await llm.complete(HELLO)).toMatchObject({
      stop: 'failed',
      failure: 'transient',
      message: `the endpoint ${server.baseUrl} sent a reply that is not JSON`,
    })
  })

  test(`the time limit covers a reply that begins and never ends (${mode})`, async () => {
    const { llm, server } = await llmFor([{ kind: 'hang', after: 'start' }, reply('hi')], { stream, timeoutMs: 300 })
    const { stop, usage } = await llm.complete(HELLO)
    expect(stop).toBe('done')
    expect(server.requests).toHaveLength(2)
    // the attempt that was cut off may be paid for
    expect(usage).toMatchObject({ calls: 2, inputTokens: 100 + countTokens('hello there') })
  })

  test(`a connection that breaks within the reply is tried again (${mode})`, async () => {
    const { llm, log, server } = await llmFor([{ kind: 'reset', after: 'start' }, reply('hi')], { stream })
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'done', content: 'hi' })
    expect(log).toEqual([`the endpoint ${server.baseUrl} broke the connection (UND_ERR_SOCKET); attempt 2 of 4`])
  })

  test(`an abort within the reply counts what had arrived (${mode})`, async () => {
    const { llm, server } = await llmFor([{ kind: 'hang', after: 'start' }], { stream })
    const controller = new AbortController()
    const pending = llm.complete(HELLO, controller.signal)
    await server.seen(1)
    controller.abort()
    const { stop, usage } = await pending
    expect(stop).toBe('aborted')
    const outputTokens = stream ? countTokens('half a ') : 0
    expect(usage).toEqual({
      calls: 1,
      inputTokens: countTokens('hello there'),
      cachedTokens: 0,
      outputTokens,
      usd: null,
    })
    expect(server.requests).toHaveLength(1)
  })
}

test('an unanswered request ends with the time limit, in words', async () => {
  const { llm, server } = await llmFor([{ kind: 'hang' }, { kind: 'hang' }], { timeoutMs: 100, attempts: 2 })
  expect(await llm.complete(HELLO)).toMatchObject({
    stop: 'failed',
    failure: 'transient',
    message: `the endpoint ${server.baseUrl} gave no whole reply within 0.1 s`,
  })
  expect(server.requests).toHaveLength(2)
})

test('a stream that ends without finish and usage is tried again', async () => {
  const { llm, server } = await llmFor([reply('half', { finish: null, usage: null }), reply('whole')], { stream: true })
  expect((await llm.complete(HELLO)).content).toBe('whole')
  expect(server.requests).toHaveLength(2)
})

test('an error event within a stream is tried again', async () => {
  const text = 'data: {"error":{"message":"overloaded"}}\n\n'
  const { llm, log, server } = await llmFor([{ kind: 'body', text }, reply('hi')], { stream: true })
  expect((await llm.complete(HELLO)).content).toBe('hi')
  expect(log).toEqual([`the endpoint ${server.baseUrl} failed within the reply: overloaded; attempt 2 of 4`])
})

test('an error sent with status 200 is told', async () => {
  const { llm, server } = await llmFor([{ kind: 'body', text: '{"error":{"message":"upstream is down"}}' }])
  expect((await llm.complete(HELLO)).message).toBe(`the endpoint ${server.baseUrl} sent no choice: upstream is down`)
})

test('a web page in place of a reply is a passing failure', async () => {
  const { llm } = await llmFor([{ kind: 'body', text: '<html>', type: 'text/html' }])
  expect(await llm.complete(HELLO)).toMatchObject({
    failure: 'transient',
    message: expect.stringContaining('not JSON'),
  })
})

test('tool calls without ids get ids, and two calls in a stream are kept apart', async () => {
  const calls = [
    { name: 'read', arguments: '{"path":"a.ts"}' },
    { name: 'read', arguments: '{"path":"b.ts"}' },
  ]
  const { llm } = await llmFor([toolReply(...calls)], { stream: true })
  expect((await llm.complete(HELLO)).toolCalls).toEqual([
    { id: 'call_0', ...calls[0] },
    { id: 'call_1', ...calls[1] },
  ])
})

test('a reply stopped by the content filter is a refusal', async () => {
  const { llm } = await llmFor([reply('I', { finish: 'content_filter' })])
  expect(await llm.complete(HELLO)).toMatchObject({
    failure: 'refused',
    message: expect.stringContaining('content filter'),
  })
})

const FATAL: { name: string; behaviour: Behaviour; message: string; fix: string }[] = [
  {
    name: 'a wrong key',
    behaviour: refusal(401, { message: `wrong: ${KEY}` }),
    message: 'wrong API key (401)',
    fix: 'set OPENAI_API_KEY again',
  },
  {
    name: 'a forbidden model',
    behaviour: refusal(403, { message: `${KEY} has no access` }),
    message: "the API key may not use model 'gpt-4.1' (403): [API key] has no access",
    fix: 'name another model (--model or REPOSE_MODEL), or set another key',
  },
  {
    name: 'an unknown model',
    behaviour: refusal(404, { message: 'The model does not exist', code: 'model_not_found' }),
    message: "model 'gpt-4.1' is unknown to the endpoint (404)",
    fix: 'name one that it has, with --model or REPOSE_MODEL',
  },
  {
    name: 'a spent quota',
    behaviour: refusal(429, { message: 'you are out', code: 'insufficient_quota' }),
    message: 'quota reached (429 insufficient_quota)',
    fix: 'add credit, or set another key',
  },
  {
    name: 'a spent quota without a code',
    behaviour: refusal(429, { message: 'check your plan and billing details' }),
    message: 'quota reached (429): check your plan and billing details',
    fix: 'add credit, or set another key',
  },
  {
    name: 'an empty account',
    behaviour: refusal(402, { message: 'Insufficient balance' }),
    message: 'quota reached (402): Insufficient balance',
    fix: 'add credit, or set another key',
  },
]
for (const { name, behaviour, message, fix } of FATAL) {
  test(`${name} is fatal, costs nothing and is not tried again`, async () => {
    const { llm, server } = await llmFor([behaviour, reply('never')])
    const failed = await llm.complete(HELLO)
    expect(failed).toMatchObject({ stop: 'failed', failure: 'fatal', message, fix })
    expect(failed.usage).toEqual({ calls: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: 0 })
    expect(server.requests).toHaveLength(1)
  })
}

test('a 404 that is not about the model points to the base URL', async () => {
  const { llm, server } = await llmFor([{ kind: 'status', status: 404, body: { error: 'File Not Found' } }])
  expect(await llm.complete(HELLO)).toMatchObject({
    message: `${server.baseUrl} has no chat completions (404)`,
    fix: expect.stringContaining('OPENAI_BASE_URL'),
  })
})

test('without a key, a 401 says that one is wanted', async () => {
  const { llm, server } = await llmFor([refusal(401, { message: 'no' })], { apiKey: ' ' })
  expect(await llm.complete(HELLO)).toMatchObject({
    message: `${server.baseUrl} wants a key (401)`,
    fix: 'set OPENAI_API_KEY',
  })
})

test('a key that is a word, as local servers take it, is not cut out of messages', async () => {
  const { llm } = await llmFor([refusal(401, { message: 'no' })], { apiKey: 'k' })
  expect(await llm.complete(HELLO)).toMatchObject({ message: 'wrong API key (401)' })
})

test('a refused request is not tried again', async () => {
  const { llm, server } = await llmFor([refusal(400, { message: 'no such\nfield' }), reply('never')])
  expect(await llm.complete(HELLO)).toMatchObject({
    failure: 'refused',
    message: `the endpoint ${server.baseUrl} refused the request (400): no such field`,
  })
  expect(server.requests).toHaveLength(1)
})

for (const status of [408, 409, 429, 500, 503]) {
  test(`status ${status} is tried again and costs nothing`, async () => {
    const { llm, log } = await llmFor([refusal(status, { message: 'busy' }), reply('hi')])
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'done', content: 'hi', usage: { calls: 1 } })
    expect(log).toHaveLength(1)
  })
}

test('a call that is aborted while it waits for its next attempt tells why it waits', async () => {
  const busy: Behaviour = {
    kind: 'status',
    status: 429,
    body: { error: 'slow down' },
    headers: { 'retry-after': '30' },
  }
  const { llm, server } = await llmFor([busy])
  const controller = new AbortController()
  const pending = llm.complete(HELLO, controller.signal)
  await server.seen(1)
  setTimeout(() => controller.abort(), 200)
  expect(await pending).toMatchObject({ stop: 'aborted', message: expect.stringContaining('(429)') })
})

test('after the last attempt the failure is passing', async () => {
  const { llm, server } = await llmFor(Array(5).fill(refusal(503, { message: 'loading model' })))
  expect(await llm.complete(HELLO)).toMatchObject({
    failure: 'transient',
    message: `the endpoint ${server.baseUrl} failed (503): loading model`,
  })
  expect(server.requests).toHaveLength(4)
})

test('an endpoint that nobody serves is named, with the reason', async () => {
  const { llm, server } = await llmFor([])
  await closeServer()
  const message = `the endpoint ${server.baseUrl} cannot be reached (ECONNREFUSED)`
  const fix = expect.stringMatching(/^start it, or correct its address/)
  const failed = await llm.complete(HELLO)
  expect(failed).toMatchObject({ stop: 'failed', failure: 'transient', message, fix, usage: { calls: 0 } })
})

test('a port that fetch refuses is not tried again', async () => {
  const log: string[] = []
  const llm = openLlm({ model: 'm', baseUrl: 'http://127.0.0.1:1/v1', log: (line) => log.push(line) })
  expect((await llm.complete(HELLO)).message).toBe('the endpoint http://127.0.0.1:1/v1 cannot be reached (bad port)')
  expect(log).toEqual([])
})

test('an abort ends the wait between attempts at once', async () => {
  const { llm, server } = await llmFor([refusal(503, { message: 'busy' }), reply('never')], { retryBaseMs: 20_000 })
  const controller = new AbortController()
  const pending = llm.complete(HELLO, controller.signal)
  await server.seen(1)
  setTimeout(() => controller.abort(), 50)
  const start = performance.now()
  expect(await pending).toMatchObject({ stop: 'aborted', usage: { calls: 0 } })
  expect(performance.now() - start).toBeLessThan(5000)
  expect(server.requests).toHaveLength(1)
})

test('a signal that is used for many calls keeps no listeners', async () => {
  const { llm } = await llmFor(Array(3).fill(reply('hi')))
  const { signal } = new AbortController()
  let added = 0
  let removed = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    added++
    addEventListener.apply(signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    removed++
    removeEventListener.apply(signal, args)
  }
  for (let i = 0; i < 3; i++) await llm.complete(HELLO, signal)
  expect(added).toBeGreaterThanOrEqual(3)
  expect(removed).toBe(added)
})

test('JSON is asked for by schema', async () => {
  const { llm, server } = await llmFor([reply('{"n":1}')])
  await llm.complete(AS_JSON)
  expect(server.requests[0]?.body.response_format).toEqual({
    type: 'json_schema',
    json_schema: { name: 'answer', schema: AS_JSON.json?.schema, strict: true },
  })
})

test('an endpoint that knows no schemas gets the schema in words, for good, and the refusals cost nothing', async () => {
  const { llm, server, log } = await llmFor([
    refusal(400, { message: 'response_format json_schema is not supported' }),
    refusal(400, { message: 'This response_format type is unavailable' }),
    reply('{"n":1}'),
    reply('{"n":2}'),
  ])
  expect(await llm.complete(AS_JSON)).toMatchObject({ content: '{"n":1}', usage: { calls: 1 } })
  expect(await llm.complete(AS_JSON)).toMatchObject({ content: '{"n":2}', usage: { calls: 1 } })
  expect(server.requests.map(({ body }) => body.response_format?.type)).toEqual([
    'json_schema',
    'json_object',
    undefined,
    undefined,
  ])
  expect(log).toHaveLength(2)
  const [system, user] = server.requests[3]?.body.messages ?? []
  expect(system.role).toBe('system')
  expect(system.content).toContain('be brief')
  expect(system.content).toContain(JSON.stringify(AS_JSON.json?.schema))
  expect(user).toEqual({ role: 'user', content: 'hello' })
})

test('a refusal whose words cannot be read is taken to be about the schema', async () => {
  const { llm } = await llmFor([{ kind: 'status', status: 422, body: { detail: [{ loc: ['x'] }] } }, reply('{"n":1}')])
  expect((await llm.complete(AS_JSON)).content).toBe('{"n":1}')
})

test('a refusal about something else leaves the schema in place', async () => {
  const { llm, server } = await llmFor([
    refusal(400, { message: 'temperature is not supported', param: 'temperature' }),
    reply('{"n":1}'),
  ])
  expect((await llm.complete(AS_JSON)).stop).toBe('failed')
  await llm.complete(AS_JSON)
  expect(server.requests[1]?.body.response_format.type).toBe('json_schema')
})

test('a gateway that refuses max_tokens gets the newer name', async () => {
  const { llm, server } = await llmFor([
    refusal(400, { message: "'max_tokens' is not supported with this model", param: 'max_tokens' }),
    reply('{"n":1}'),
  ])
  expect((await llm.complete({ ...AS_JSON, maxOutputTokens: 9 })).stop).toBe('done')
  expect(server.requests[1]?.body).toMatchObject({ max_completion_tokens: 9, response_format: { type: 'json_schema' } })
  expect(server.requests[1]?.body.max_tokens).toBeUndefined()
})

test('the key is in no message and no log line, whatever the endpoint quotes', async () => {
  const long = `${'x'.repeat(285)} ${KEY}`
  for (const status of [400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 503]) {
    const behaviours = Array(4).fill(refusal(status, { message: `key ${KEY}, quota; ${long}` }))
    const { llm, log, server } = await llmFor(behaviours)
    const { message } = await llm.complete(AS_JSON)
    expect(message).toMatch(new RegExp(`\\b${status}\\b`))
    expect([message, ...log].join('\n')).not.toContain(KEY.slice(0, 10))
    await closeServer()
    expect(server.requests.length).toBeGreaterThan(0)
  }
})

test('user name, password and query have no place in a base URL, and are not shown', () => {
  for (const baseUrl of ['http://me:secret@127.0.0.1/v1', 'http://127.0.0.1/v1?key=secret']) {
    expect(() => openLlm({ model: 'm', baseUrl })).toThrow('the base URL holds a user name, password or query')
    expect(() => openLlm({ model: 'm', baseUrl })).not.toThrow(/secret/)
  }
})

test('a base URL or key that cannot be one is the error of the user, and the key is not shown', () => {
  expect(() => openLlm({ model: 'm', baseUrl: 'localhost:11434' })).toThrow(UserError)
  expect(() => openLlm({ model: 'm', baseUrl: 'no url' })).toThrow("the base URL 'no url' is not an http(s) URL")
  const open = () => openLlm({ model: 'm', apiKey: 'sk-a\nsk-b' })
  expect(open).toThrow(UserError)
  expect(open).not.toThrow(/sk-a/)
})
