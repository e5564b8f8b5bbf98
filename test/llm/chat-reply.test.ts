import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'
import { expect, test } from 'vitest'
import { emptyDraft, readCompletion, readStream, toolCallsOf } from '../../src/llm/chat-reply.ts'

type Piece = { index?: number; id?: string; function?: { name?: string; arguments?: unknown } }

async function callsFrom(...pieces: Piece[]) {
  const draft = emptyDraft()
  async function* stream() {
    for (const piece of pieces)
      yield { choices: [{ delta: { tool_calls: [piece] } }] } as unknown as ChatCompletionChunk
  }
  await readStream(stream(), draft)
  return toolCallsOf(draft)
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
  const draft = emptyDraft()
  const usage = { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 50 } }
  readCompletion({ usage } as ChatCompletion, draft)
  expect(draft.tokens).toEqual({ inputTokens: 10, cachedTokens: 10, outputTokens: 1 })
})
