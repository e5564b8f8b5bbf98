import { getEventListeners } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBatches } from '../../src/llm/open-batches.ts'
import type { LlmRequest } from '../../src/types.ts'
import { startBatchServer } from '../helpers/batch-server.ts'

let signal: AbortSignal
beforeEach(() => {
  ;({ signal } = new AbortController())
})
const ask = (content: string): LlmRequest => ({ purpose: 'test', messages: [{ role: 'user', content }] })

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

test('calls are sent as one batch under a name, and their replies come by key; a call that failed has none', async () => {
  const server = await startBatchServer()
  ends.push(() => server.close())
  const batches = openBatches({ model: 'm', baseUrl: server.baseUrl, apiKey: 'k' })
  expect(batches.address).toBe(server.baseUrl)
  const calls = ['a', 'b'].map((key) => ({ key, body: batches.bodyOf(ask(`say ${key}`)) }))
  expect(await batches.find('night-1', signal)).toBeNull()
  const other = await batches.send('night-0', calls.slice(0, 1), signal)
  const id = await batches.send('night-1', calls, signal)
  expect(server.batches[1]).toMatchObject([
    {
      custom_id: 'a',
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'm', messages: [{ content: 'say a' }] },
    },
    { custom_id: 'b', body: { messages: [{ role: 'user', content: 'say b' }] } },
  ])
  expect([await batches.find('night-0', signal), await batches.find('night-1', signal)]).toEqual([other, id])
  expect(await batches.find('night-2', signal)).toBeNull()
  expect(await batches.look(id, signal)).toEqual({ state: 'running' })
  server.finish(({ custom_id }) => (custom_id === 'a' ? 'A' : null))
  expect(await batches.look(id, signal)).toEqual({
    state: 'done',
    problem: null,
    replies: new Map([
      ['a', { stop: 'done', content: 'A', tokens: { inputTokens: 800, cachedTokens: 0, outputTokens: 50 } }],
    ]),
  })
  expect(await batches.look('batch-9', signal)).toEqual({ state: 'unknown' })
})

/** Batches of an endpoint that answers every look with this batch, and with this as the output file. */
async function ended(batch: object, output = '', status = 200) {
  const server = createServer(async (request, response) => {
    await text(request)
    if (request.url!.endsWith('/content')) return response.end(output)
    response.writeHead(status, { 'content-type': 'application/json' })
    return response.end(JSON.stringify(status === 200 ? { id: 'x', object: 'batch', ...batch } : batch))
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return openBatches({ model: 'm', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` })
}

test.each([
  ['failed', { errors: { data: [{ message: 'the file is empty' }] } }, 'the batch failed: the file is empty'],
  ['expired', { errors: { data: [] } }, 'the batch expired'],
  ['cancelled', {}, 'the batch cancelled'],
  ['completed', {}, null],
])('a batch that has %s without a file has no replies, and why is told', async (status, more, problem) => {
  const batches = await ended({ status, ...more })
  expect(await batches.look('x', signal)).toEqual({ state: 'done', replies: new Map(), problem })
})

test.each(['validating', 'in_progress', 'finalizing', 'cancelling'])('a batch that is %s runs', async (status) => {
  expect(await (await ended({ status, output_file_id: 'f' })).look('x', signal)).toEqual({ state: 'running' })
})

test.each(['..', '.', 'a/../b', '\ud800', 'a b', 'x'.repeat(501), 7])(
  'an id that fits into no address is a failure in words: %j',
  async (id) => {
    const batches = await ended({ status: 'completed', output_file_id: id, id })
    const failed = { name: 'CallFailure', message: expect.stringContaining('without a usable') }
    await expect(batches.look('x', signal)).rejects.toMatchObject(failed)
    await expect(batches.send('n', [], signal)).rejects.toMatchObject(failed)
    if (typeof id === 'string') expect(await batches.look(id, signal)).toEqual({ state: 'unknown' })
  },
)

test('of an output file the lines that hold a reply are read, whatever the others hold', async () => {
  const entry = (custom_id: unknown, message: object | null, more: object = {}) =>
    JSON.stringify({
      custom_id,
      response: { status_code: 200, body: { choices: message ? [{ finish_reason: 'stop', message }] : [] } },
      ...more,
    })
  const tool = { id: '1', function: { name: 'x', arguments: '{}' } }
  const output = [
    '',
    'no JSON',
    'null',
    entry(7, { content: 'number' }),
    entry('no-response', null, { response: null }),
    entry('refused', { content: 'no' }, { response: { status_code: 400, body: {} } }),
    entry('no-choice', null),
    entry('calls', { content: 'c', tool_calls: [tool] }),
    entry('odd', { content: 7 }),
    JSON.stringify({
      custom_id: 'cut',
      response: { status_code: 200, body: { choices: [{ finish_reason: 'length', message: { content: 'hal' } }] } },
    }),
    entry('whole', { content: 'all' }),
  ].join('\n')
  const look = await (await ended({ status: 'completed', output_file_id: 'f' }, output)).look('x', signal)
  expect(look).toEqual({
    state: 'done',
    problem: null,
    replies: new Map([
      ['cut', { stop: 'length', content: 'hal', tokens: null }],
      ['whole', { stop: 'done', content: 'all', tokens: null }],
    ]),
  })
})

test('an endpoint that refuses is a failure in words, not a batch that is unknown', async () => {
  const batches = await ended({ error: { message: 'no such key' } }, '', 401)
  const calls = [() => batches.look('x', signal), () => batches.find('n', signal), () => batches.send('n', [], signal)]
  for (const call of calls)
    await expect(call()).rejects.toMatchObject({ failure: 'fatal', message: expect.stringContaining('401') })
})

test('a signal of many calls keeps no listeners', async () => {
  const batches = await ended({ status: 'completed' })
  for (let i = 0; i < 3; i++) await batches.look('x', signal)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('an abort ends a look', async () => {
  const batches = await ended({ status: 'completed' })
  await expect(batches.look('x', AbortSignal.abort())).rejects.toThrow(/abort/i)
})

test('without an address calls are for OpenAI, which wants the newer name of the limit', () => {
  const batches = openBatches({ model: 'm', apiKey: 'k' })
  expect(batches.address).toBe('https://api.openai.com/v1')
  expect(JSON.parse(batches.bodyOf({ ...ask('x'), maxOutputTokens: 9 }))).toMatchObject({ max_completion_tokens: 9 })
})
