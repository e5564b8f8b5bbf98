import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'
import { expect, test } from 'vitest'
import { emptyReply, readCompletion, readStream, toolCallsOf } from '../../src/llm/chat-reply.ts'

type Piece = { index?: number; id?: string; function?: { name?: string; arguments?: unknown } }

async function callsFrom(...pieces: Piece[]) {
  const reply = emptyReply()
  async function* stream() {
    for (const piece of pieces)
      yield { choices: [{ delta: { tool_calls: [piece] } }] } as unknown as ChatCompletionChunk
  }
  await readStream(stream(), reply)
  return toolCallsOf(reply)
}

test('whole calls without an index are kept apart', async () => {
  expect(
    await callsFrom(
      { id: 'a', function: { name: 'x', arguments: '1' } },
      { id: 'b', function: { name: 'y', arguments: '2' } },
    ),
  ).toEqual([
    { id: 'a', name: 'x', arguments: '1' },
    { id: 'b', name: 'y', arguments: '2' },
  ])
})

test('pieces without index and id belong to the last call', async () => {
  expect(
    await callsFrom({ id: 'a', function: { name: 'x', arguments: '{' } }, { function: { arguments: '}' } }),
  ).toEqual([{ id: 'a', name: 'x', arguments: '{}' }])
})

test('an index that begins at one leaves no hole', async () => {
  expect(await callsFrom({ index: 1, id: 'a', function: { name: 'x', arguments: '' } })).toEqual([
    { id: 'a', name: 'x', arguments: '' },
  ])
})

test('arguments sent as an object become text', async () => {
  expect(await callsFrom({ index: 0, id: 'a', function: { name: 'x', arguments: { p: 1 } } })).toEqual([
    { id: 'a', name: 'x', arguments: '{"p":1}' },
  ])
})

test('of the input no more was cached than there was', () => {
  const reply = emptyReply()
  const usage = { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 50 } }
  readCompletion({ usage } as ChatCompletion, reply)
  expect(reply.tokens).toEqual({ inputTokens: 10, cachedTokens: 10, outputTokens: 1 })
})

function read(message: object | null, more: object = {}) {
  const reply = emptyReply()
  readCompletion({ choices: message ? [{ message, finish_reason: 'stop' }] : [], ...more } as never, reply)
  return reply
}

test('a text may come in parts, all of which must be texts', () => {
  expect(read({ content: [{ type: 'text', text: 'a' }, { text: 'b' }] })).toMatchObject({
    content: 'ab',
    unreadable: null,
  })
  expect(read({ content: [{ text: 'a' }, { type: 'image' }] })).toMatchObject({
    content: '',
    unreadable: 'has a content that is no text',
  })
  expect(read({ content: { text: 'a' } }).unreadable).toBe('has a content that is no text')
})

test('a refusal is the text where there is no other, and a reply of calls alone has none', () => {
  expect(read({ content: null, refusal: 'I will not.' }).content).toBe('I will not.')
  expect(read({ content: null, tool_calls: [] })).toMatchObject({ content: '', unreadable: null })
})

test('calls of other kinds are left out; arguments may be missing, and must be text or an object', () => {
  const call = (given: object) => ({ id: 'a', function: { name: 'x', ...given } })
  expect(read({ tool_calls: [{ ...call({}), type: 'custom' }, call({ arguments: null }), call({})] })).toMatchObject({
    toolCalls: [
      { id: 'a', name: 'x', arguments: '' },
      { id: 'a', name: 'x', arguments: '' },
    ],
    unreadable: null,
  })
  expect(read({ tool_calls: [call({ arguments: 7 })] }).unreadable).toBe(
    'has a tool call whose arguments cannot be read',
  )
  expect(read({ tool_calls: [{ id: 'a', function: {} }] }).unreadable).toBe('has a tool call without a name')
})

test('no more calls are kept than any model makes', () => {
  const many = Array.from({ length: 200 }, (_, i) => ({ id: `${i}`, function: { name: 'x', arguments: '{}' } }))
  expect(toolCallsOf(read({ tool_calls: many })).map(({ id }) => Number(id))).toEqual(
    Array.from({ length: 128 }, (_, i) => i),
  )
})

test.each<[string, unknown]>([
  ['a broken number', { prompt_tokens: 1.5, completion_tokens: 1 }],
  ['a negative number', { prompt_tokens: 1, completion_tokens: -1 }],
  ['a text', { prompt_tokens: '1', completion_tokens: 1 }],
  ['a number without measure', { prompt_tokens: 1, completion_tokens: 1e300 }],
  ['cached tokens that are none', { prompt_tokens: 1, prompt_tokens_details: { cached_tokens: Number.NaN } }],
  ['no usage', null],
])('usage with %s is not reported', (_, usage) => {
  expect(read(null, { usage }).tokens).toBeNull()
})

test('a count that usage leaves out is 0', () => {
  expect(read(null, { usage: { prompt_tokens: 3 } }).tokens).toEqual({
    inputTokens: 3,
    cachedTokens: 0,
    outputTokens: 0,
  })
})

test('an error in place of a choice is kept as the problem', () => {
  expect(read(null, { error: { message: 'overloaded' } })).toMatchObject({ problem: 'overloaded', hasChoice: false })
})

test('of a stream, the last usage, tier and finish count, and chunks without a choice change nothing else', async () => {
  const reply = emptyReply()
  async function* stream() {
    yield { choices: [null] }
    yield { choices: [{ delta: { content: 'a' }, finish_reason: null }], service_tier: 'flex' }
    yield { choices: [{ delta: { content: 'b' }, finish_reason: 'stop' }] }
    yield { choices: [{ delta: {} }] }
    yield { choices: [], usage: { prompt_tokens: 2, completion_tokens: 1 } }
    yield { choices: null }
  }
  await readStream(stream(), reply)
  expect(reply).toMatchObject({
    ...{ content: 'ab', finish: 'stop', tier: 'flex', hasChoice: true, unreadable: null },
    tokens: { inputTokens: 2, cachedTokens: 0, outputTokens: 1 },
  })
})

test('a stream without any choice has none', async () => {
  const reply = emptyReply()
  async function* stream() {
    yield { choices: [null] }
    yield { choices: ['x'] }
  }
  await readStream(stream(), reply)
  expect(reply.hasChoice).toBe(false)
})
