import { expect, test } from 'vitest'
import { addUsage, type MeteredCall, meteredLlm, NO_USAGE } from '../../src/llm/meter.ts'
import { scriptedLlm } from '../../src/llm/scripted-llm.ts'
import type { LlmRequest, Usage } from '../../src/types.ts'

const ASK: LlmRequest = { messages: [{ role: 'user', content: 'a' }], purpose: 'edit' }
const USAGE: Usage = { calls: 1, inputTokens: 10, cachedTokens: 4, outputTokens: 2, usd: 0.5 }

test('every call is reported, with its time', async () => {
  const calls: MeteredCall[] = []
  const slow = async () => {
    await new Promise((resolve) => setTimeout(resolve, 30))
    return { content: 'A', usage: USAGE }
  }
  const llm = meteredLlm(scriptedLlm([slow, { stop: 'failed', usage: NO_USAGE }], { model: 'm' }), (call) =>
    calls.push(call),
  )
  const before = Date.now()
  expect(llm.model).toBe('m')
  expect((await llm.complete(ASK)).content).toBe('A')
  await llm.complete(ASK)
  await llm.complete(ASK, AbortSignal.abort())
  expect(calls.map(({ stop }) => stop)).toEqual(['done', 'failed', 'aborted'])
  expect(calls[0]).toMatchObject({ purpose: 'edit', model: 'm', usage: USAGE })
  expect(calls[0]!.ms).toBeGreaterThanOrEqual(29)
  expect(calls[0]!.ms).toBeLessThan(Date.now() - before + 1000)
  expect(calls[0]!.at).toBeGreaterThanOrEqual(before)
  expect(calls[0]!.at).toBeLessThanOrEqual(Date.now())
})

test('a call that throws is not reported, and throws on', async () => {
  const calls: MeteredCall[] = []
  const llm = meteredLlm(scriptedLlm([]), (call) => calls.push(call))
  await expect(llm.complete(ASK)).rejects.toThrow('no scripted reply left')
  expect(calls).toEqual([])
})

test('usages add up, and nothing changes nothing', () => {
  expect(addUsage(USAGE, USAGE)).toEqual({ calls: 2, inputTokens: 20, cachedTokens: 8, outputTokens: 4, usd: 1 })
  expect(addUsage(NO_USAGE, USAGE)).toEqual(USAGE)
  expect(addUsage(USAGE, NO_USAGE)).toEqual(USAGE)
})

test('one unknown price makes the sum unknown', () => {
  const unknown: Usage = { ...USAGE, usd: null }
  for (const [a, b] of [
    [unknown, USAGE],
    [USAGE, unknown],
    [unknown, unknown],
    [NO_USAGE, unknown],
  ] as const) {
    expect(addUsage(a, b).usd).toBeNull()
  }
})

test('what was not sent is not reported: over the budget, left with the Batch API, or known already', async () => {
  const calls: MeteredCall[] = []
  const unsent = { usage: NO_USAGE, stop: 'failed' } as const
  const llm = meteredLlm(
    scriptedLlm([
      { ...unsent, failure: 'budget' },
      { ...unsent, failure: 'deferred', usage: USAGE },
      { content: 'A', usage: NO_USAGE },
      { ...unsent, failure: 'fatal' },
    ]),
    (call) => calls.push(call),
  )
  for (let i = 0; i < 4; i++) await llm.complete(ASK)
  expect(calls.map(({ stop, usage }) => [stop, usage.calls])).toEqual([['failed', 0]]) // the fatal one: it may have been sent
})
