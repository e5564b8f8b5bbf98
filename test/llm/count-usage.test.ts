import { expect, test } from 'vitest'
import { believedUsage, countUsage } from '../../src/llm/count-usage.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { LlmRequest } from '../../src/types.ts'

const of = (inputTokens: number, outputTokens: number) => ({ inputTokens, cachedTokens: 0, outputTokens })

test.each<[string, ReturnType<typeof of>, ReturnType<typeof of>, boolean]>([
  ['a third of our count', of(1000, 400), of(3000, 1200), true],
  ['less than a third of the input', of(999, 1200), of(3000, 1200), false],
  ['less than a third of the output', of(3000, 399), of(3000, 1200), false],
  ['nothing for a hundred tokens', of(0, 0), of(100, 100), true],
  ['nothing for more than a hundred', of(0, 0), of(101, 100), false],
  ['ten million', of(10_000_000, 5), of(9, 9), true],
  ['more than any model takes', of(10_000_001, 5), of(9, 9), false],
])('an endpoint that states %s', (_, stated, counted, isBelieved) => {
  expect(believedUsage(stated, counted)).toBe(isBelieved ? stated : counted)
})

test('if an endpoint states no usage, our own count is taken', () => {
  expect(believedUsage(null, of(3, 4))).toEqual(of(3, 4))
})

test('messages, their calls and the tools count as input, text and calls of the reply as output', () => {
  const calls = [{ id: 'a', name: 'read', arguments: '{"path":"x"}' }]
  const tools = [{ name: 'read', description: 'Reads a file.', parameters: { type: 'object' } }]
  const request: LlmRequest = {
    purpose: 'test',
    messages: [
      { role: 'user', content: 'hello there' },
      { role: 'assistant', content: '', toolCalls: calls },
    ],
  }
  const [ofCalls, ofTools] = [countTokens(JSON.stringify(calls)), countTokens(JSON.stringify(tools))]
  expect(countUsage(request, 'well')).toEqual(of(countTokens('hello there') + ofCalls, countTokens('well')))
  expect(countUsage({ ...request, tools }, '', calls)).toEqual(
    of(countTokens('hello there') + ofCalls + ofTools, ofCalls),
  )
  expect(countUsage({ ...request, tools: [] }, '')).toEqual(of(countTokens('hello there') + ofCalls, 0))
})
