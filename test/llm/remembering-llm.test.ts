import { expect, test } from 'vitest'
import { rememberingLlm } from '../../src/llm/remembering-llm.ts'
import type { Llm, LlmReply } from '../../src/types.ts'

const usage = { calls: 1, inputTokens: 9, cachedTokens: 0, outputTokens: 1, usd: null }

test('a whole reply is paid once for the same prompt; a failed one is asked for again', async () => {
  const kept = new Map<string, LlmReply>()
  const memory = {
    reply: (digest: string) => kept.get(digest) ?? null,
    keepReply: (digest: string, reply: LlmReply) => void kept.set(digest, reply),
  }
  const ends: LlmReply['stop'][] = ['failed', 'done', 'done']
  let calls = 0
  const model: Llm = {
    model: 'm',
    complete: async () => ({ stop: ends[calls]!, content: `reply ${++calls}`, toolCalls: [], usage }),
  }
  const llm = () => rememberingLlm(model, memory) // a new one after each crash
  const ask = (content: string) => llm().complete({ purpose: 'edit', messages: [{ role: 'user', content }] })
  expect(await ask('a')).toMatchObject({ content: 'reply 1', stop: 'failed' })
  expect(await ask('a')).toMatchObject({ content: 'reply 2', usage })
  expect(await ask('a')).toMatchObject({ content: 'reply 2', usage: { calls: 0, inputTokens: 0 } })
  expect(await ask('b')).toMatchObject({ content: 'reply 3' })
})

test('a stored reply is found again when the budget leaves another limit for the output', async () => {
  const kept = new Map<string, LlmReply>()
  let calls = 0
  const model: Llm = {
    model: 'm',
    complete: async () => ({ stop: 'done', content: `reply ${++calls}`, toolCalls: [], usage }),
  }
  const llm = rememberingLlm(model, {
    reply: (digest) => kept.get(digest) ?? null,
    keepReply: (digest, reply) => void kept.set(digest, reply),
  })
  const ask = async (maxOutputTokens?: number) =>
    llm.complete({ purpose: 'edit', messages: [{ role: 'user', content: 'a' }], maxOutputTokens })
  await ask()
  expect(await ask(25_596)).toMatchObject({ content: 'reply 1', usage: { calls: 0 } })
  expect(await ask(13_000)).toMatchObject({ content: 'reply 1' })
  expect(calls).toBe(1)
})
