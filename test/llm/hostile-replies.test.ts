import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { type OpenLlmOptions, openLlm } from '../../src/llm/open-llm.ts'
import type { LlmRequest } from '../../src/types.ts'

const HELLO: LlmRequest = { purpose: 'test', messages: [{ role: 'user', content: 'hello there' }] }
const LONG: LlmRequest = { purpose: 'test', messages: [{ role: 'user', content: 'a word '.repeat(5000) }] }

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A model whose endpoint answers as it is told; each request's body is kept. */
async function modelOf(
  answer: (response: ServerResponse, body: string) => void,
  options: Partial<OpenLlmOptions> = {},
) {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data) => {
      body += data
    })
    request.on('end', () => {
      bodies.push(body)
      answer(response, body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return { llm: openLlm({ model: 'm', baseUrl, attempts: 1, ...options }), bodies, baseUrl }
}

const whole = (completion: unknown) => (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion))
const message = (parts: object, more: object = {}) => ({
  choices: [{ message: { role: 'assistant', ...parts }, finish_reason: 'stop' }],
  ...more,
})
const event = (chunk: unknown) => `data: ${JSON.stringify(chunk)}\n\n`

describe('a reply of another shape than was asked for is a failure in words', () => {
  test.each<[string, unknown]>([
    ['an empty list', []],
    ['a choice that is null', { choices: [null] }],
    ['choices that are no list', { choices: { 0: { message: { content: 'x' } } } }],
    ['a content that is a number', message({ content: 7 })],
    ['a content that is an object', message({ content: { toString: 1 } })],
    ['a list of parts without text', message({ content: [{ type: 'image' }] })],
    ['a tool call that is empty', message({ content: null, tool_calls: [{}] })],
    ['a tool call without a name', message({ tool_calls: [{ id: 'a', function: { arguments: '{}' } }] })],
    ['arguments that are a number', message({ tool_calls: [{ id: 'a', function: { name: 'x', arguments: 7 } }] })],
  ])('%s', async (_, completion) => {
    const { llm } = await modelOf(whole(completion))
    const reply = await llm.complete(HELLO)
    expect(reply).toMatchObject({ stop: 'failed', failure: 'transient', content: '', toolCalls: [] })
    expect(reply.message).toMatch(/^the endpoint http:\S+ sent /)
    expect(reply.fix).toMatch(/model/)
  })

  test.each<[string, unknown, object]>([
    ['a content in parts', message({ content: [{ type: 'text', text: 'a' }, { text: 'b' }] }), { content: 'ab' }],
    ['tool calls that are no list', message({ content: 'a', tool_calls: 7 }), { content: 'a', toolCalls: [] }],
    ['a finish that is a number', message({ content: 'a' }, { service_tier: {} }), { content: 'a', stop: 'done' }],
    ['ids that are numbers', message({ tool_calls: [{ id: 5, function: { name: 'x' } }] }), { stop: 'tools' }],
  ])('what can be read of it is: %s', async (_, completion, expected) => {
    const { llm } = await modelOf(whole(completion))
    expect(await llm.complete(HELLO)).toMatchObject(expected)
  })

  test('calls in a stream at any place', async () => {
    const call = (index: unknown, name: string) => ({ index, id: name, function: { name, arguments: '{}' } })
    const { llm } = await modelOf(
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(event(null))
        response.write(event({ choices: null }))
        response.write(event({ choices: [null] }))
        for (const [index, name] of [
          [4294967294, 'a'],
          [-1, 'b'],
          ['__proto__', 'c'],
          [1e300, 'd'],
          [null, 'e'],
        ] as const)
          response.write(event({ choices: [{ delta: { tool_calls: [call(index, name)] } }] }))
        response.write(event({ choices: [{ delta: {}, finish_reason: 'stop' }] }))
        response.end('data: [DONE]\n\n')
      },
      { stream: true },
    )
    const { stop, toolCalls } = await llm.complete(HELLO)
    expect({ stop, names: toolCalls.map(({ name }) => name) }).toEqual({
      stop: 'tools',
      names: ['a', 'b', 'c', 'd', 'e'],
    })
  })

  test('of more calls than any model makes the first are kept', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ id: `${i}`, function: { name: 'x', arguments: '{}' } }))
    const { llm } = await modelOf(whole(message({ tool_calls: many })))
    expect((await llm.complete(HELLO)).toolCalls).toHaveLength(128)
  })

  test.each(['[', '{"a":'])('JSON that nests too deep: %s', async (bracket) => {
    const deep = bracket.repeat(300_000)
    const close = (bracket === '[' ? ']' : '}').repeat(300_000)
    const { llm } = await modelOf((response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"choices":[{"message":{"tool_calls":[{"function":{"name":"x","arguments":{"a":${deep}1${close}}}}]}}]}`),
    )
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'failed' })
    const { llm: other } = await modelOf((response) =>
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(`{"error":{"message":{"a":${deep}1${close}}}}`),
    )
    expect(await other.complete(HELLO)).toMatchObject({ stop: 'failed' })
  })
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    '%i to another place is not followed, and that place is named',
    async (status) => {
      const other = await modelOf(whole(message({ content: 'x' })))
      const there = other.baseUrl.replace('127.0.0.1', 'user:pass@localhost')
      const { llm, bodies } = await modelOf((response) =>
        response.writeHead(status, { location: `${there}/chat/completions?a=1` }).end(),
      )
      const { message: said, failure } = await llm.complete(HELLO)
      expect(said).toMatch(
        /sends requests on to http:\/\/localhost:\d+\/v1\/chat\/completions \(\d+\): nothing was sent there/,
      )
      expect(failure).toBe('fatal')
      expect([bodies.length, other.bodies.length]).toEqual([1, 0])
    },
  )
})

describe('a reply without an end', () => {
  const endless = (response: ServerResponse, head: object, piece: string) => {
    response.writeHead(200, { ...head })
    const write = () => {
      while (!response.destroyed && response.write(piece));
    }
    response.on('drain', write)
    write()
  }
  const limit = /is larger than 10 MB|more than 1 million characters/

  test.each<[string, object, string, boolean]>([
    ['JSON', { 'content-type': 'application/json' }, '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",', false],
    ['text', { 'content-type': 'text/plain' }, 'x'.repeat(1000), false],
    [
      'a stream of text',
      { 'content-type': 'text/event-stream' },
      event({ choices: [{ delta: { content: 'x'.repeat(300) } }] }),
      true,
    ],
    ['a stream of nothing', { 'content-type': 'text/event-stream' }, ': ping\n\n', true],
    ['a line of a stream', { 'content-type': 'text/event-stream' }, 'data: xxxxxxxxxxxxxxxxxxxxxxxxxxx', true],
    ['a refusal', { 'content-type': 'application/json' }, '"xxxx', false],
  ])('%s is cut at its limit', async (what, head, piece, stream) => {
    const { llm } = await modelOf(
      (response) => {
        if (what === 'a refusal') response.statusCode = 400
        endless(response, head, piece)
      },
      { stream },
    )
    const before = process.memoryUsage.rss()
    const reply = await llm.complete(HELLO)
    expect(reply.stop).toBe('failed')
    if (what !== 'a refusal') expect(reply.message).toMatch(limit)
    expect(process.memoryUsage.rss() - before).toBeLessThan(400e6)
  })

  test.each([
    ['an event of one long line and 100,000 short ones', `data: ${'x'.repeat(5_000_000)}\n${':\n'.repeat(100_000)}`],
    ['a million events whose lines end in carriage returns', ':\r\r'.repeat(1_000_000)],
  ])('%s: its parser would scan too much again', async (_, text) => {
    const { llm } = await modelOf(
      (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text),
      { stream: true },
    )
    const started = performance.now()
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'failed', message: expect.stringMatching(limit) })
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('one that is packed small', async () => {
    const bomb = gzipSync(Buffer.alloc(300_000_000, 32))
    const { llm } = await modelOf((response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb),
    )
    const before = process.memoryUsage.rss()
    expect((await llm.complete(HELLO)).message).toMatch(limit)
    expect(process.memoryUsage.rss() - before).toBeLessThan(300e6)
  })

  test('headers without an end', async () => {
    const { llm } = await modelOf((response) => {
      response.socket!.write(`HTTP/1.1 200 OK\r\n${`x-header: ${'x'.repeat(1000)}\r\n`.repeat(100)}`)
    })
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'failed', failure: 'transient' })
  })

  test.each([false, true])('one that trickles is cut when its time is up (stream: %s)', async (stream) => {
    const { llm } = await modelOf(
      async (response) => {
        response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
        while (!response.destroyed) {
          response.write(stream ? event({ choices: [{ delta: { content: 'x' } }] }) : ' ')
          await wait(5)
        }
      },
      { stream, timeoutMs: 500 },
    )
    const started = performance.now()
    expect(await llm.complete(HELLO)).toMatchObject({
      stop: 'failed',
      message: expect.stringContaining('within 0.5 s'),
    })
    expect(performance.now() - started).toBeLessThan(3000)
  })

  test('a line that comes byte by byte does not keep the processor busy', async () => {
    const { llm } = await modelOf(
      async (response) => {
        response.socket!.setNoDelay(true)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (let i = 0; i < 30_000 && !response.destroyed; i++) {
          response.write('x')
          if (i % 100 === 0) await wait(1)
        }
        response.end('\n\n')
      },
      { stream: true },
    )
    const before = process.cpuUsage()
    await llm.complete(HELLO)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(8000)
  })
})

describe('numbers of usage that cannot be believed are counted by ourselves', () => {
  test.each<[string, object]>([
    ['negative', { prompt_tokens: -1_000_000, completion_tokens: -5 }],
    [
      'cached tokens are negative',
      { prompt_tokens: 9000, completion_tokens: 5, prompt_tokens_details: { cached_tokens: -1e9 } },
    ],
    ['texts', { prompt_tokens: '100', completion_tokens: '5' }],
    ['objects', { prompt_tokens: { valueOf: 1 }, completion_tokens: [] }],
    ['fractions', { prompt_tokens: 0.5, completion_tokens: 1.5 }],
    ['huge', { prompt_tokens: 1e300, completion_tokens: 1e300 }],
    ['larger than any model', { prompt_tokens: 50_000_000, completion_tokens: 1 }],
    ['no numbers', { prompt_tokens: null, completion_tokens: null }],
    ['a list', [1, 2]],
    ['true', { prompt_tokens: true, completion_tokens: true }],
    ['zero for a long prompt', { prompt_tokens: 0, completion_tokens: 0 }],
    ['a tenth of the prompt', { prompt_tokens: 900, completion_tokens: 3 }],
  ])('%s', async (_, usage) => {
    const { llm } = await modelOf(whole(message({ content: 'ok' }, { usage })))
    const counted = (await llm.complete(LONG)).usage
    expect(counted).toMatchObject({ calls: 1, cachedTokens: 0 })
    expect(counted.inputTokens).toBeGreaterThan(9000)
    expect(counted.inputTokens).toBeLessThan(12_000)
    expect(counted.outputTokens).toBeGreaterThan(0)
    expect(counted.outputTokens).toBeLessThan(10)
  })

  test('what an endpoint counts otherwise than we do is believed', async () => {
    const usage = { prompt_tokens: 14_000, completion_tokens: 2000 } // it thought before it replied
    const { llm } = await modelOf(whole(message({ content: 'ok' }, { usage })))
    expect((await llm.complete(LONG)).usage).toMatchObject({ inputTokens: 14_000, outputTokens: 2000 })
  })
})

describe('the most output', () => {
  test('is stated, also where a request states none', async () => {
    const { llm, bodies } = await modelOf(whole(message({ content: 'ok' })))
    await llm.complete(HELLO)
    await llm.complete({ ...HELLO, maxOutputTokens: 9 })
    expect(bodies.map((body) => JSON.parse(body).max_tokens)).toEqual([32_000, 9])
  })

  test.each([
    'max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.',
    "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 8192 tokens",
    "This model's maximum context length is 8192 tokens. However, you requested 40000 tokens (8000 in the messages, 32000 in the completion).",
  ])('is left out where the model replies with less: %.40s', async (text) => {
    const { llm, bodies } = await modelOf((response, body) => {
      const { max_tokens, max_completion_tokens } = JSON.parse(body)
      if (max_tokens || max_completion_tokens)
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: { message: text } }))
      else whole(message({ content: 'ok' }))(response)
    })
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'done', content: 'ok' })
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'done', content: 'ok' })
    expect(bodies).toHaveLength(3)
  })
})
