import { expect, test } from 'vitest'
import { scriptedLlm } from '../../src/llm/scripted-llm.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { LlmRequest } from '../../src/types.ts'

const ask = (content: string): LlmRequest => ({ messages: [{ role: 'user', content }], purpose: 'summary' })

test('replies come in order, and a function sees the request', async () => {
  const llm = scriptedLlm([
    'one',
    ({ messages }) => `you said ${messages[0]?.content}`,
    { stop: 'length', content: 'cut' },
  ])
  expect(await llm.complete(ask('a'))).toMatchObject({ stop: 'done', content: 'one' })
  expect(await llm.complete(ask('b'))).toMatchObject({ stop: 'done', content: 'you said b' })
  expect(await llm.complete(ask('c'))).toMatchObject({ stop: 'length', content: 'cut' })
  expect(llm.requests).toEqual([ask('a'), ask('b'), ask('c')])
})

test('usage is counted unless the script states it', async () => {
  const usage = { calls: 1, inputTokens: 7, cachedTokens: 0, outputTokens: 7, usd: null }
  const llm = scriptedLlm(['four words of text', { content: 'x', usage }], { model: 'm' })
  expect(llm.model).toBe('m')
  expect((await llm.complete(ask('hello there'))).usage).toEqual({
    calls: 1,
    inputTokens: countTokens('hello there'),
    cachedTokens: 0,
    outputTokens: countTokens('four words of text'),
    usd: 0,
  })
  expect((await llm.complete(ask('hello'))).usage).toEqual(usage)
})

test('an abort while a reply is made up gives an aborted reply', async () => {
  const controller = new AbortController()
  const llm = scriptedLlm([
    () => {
      controller.abort()
      return 'too late'
    },
  ])
  expect(await llm.complete(ask('a'), controller.signal)).toMatchObject({ stop: 'aborted', content: '' })
})

test('a request beyond the script is an error that names it', async () => {
  const llm = scriptedLlm(['one'])
  await llm.complete(ask('a'))
  await expect(llm.complete(ask('what else?'))).rejects.toThrow(
    'no scripted reply left for request 2 (purpose \'summary\'): "what else?"',
  )
})
