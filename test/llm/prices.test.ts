import { expect, test } from 'vitest'
import { costUsd, priceOf } from '../../src/llm/prices.ts'

const TOKENS = { inputTokens: 1_000_000, cachedTokens: 400_000, outputTokens: 100_000 }

test('a listed model has a price with its source', () => {
  const price = priceOf('gpt-4.1-mini')
  expect(price).toMatchObject({ inputPerMillion: 0.4, cachedPerMillion: 0.1, outputPerMillion: 1.6 })
  expect(price?.source).toMatch(/\d{4}-\d{2}-\d{2}/)
})

test('every listed model charges less for cached input, and more for output', () => {
  for (const model of [
    'gpt-5',
    'gpt-5-mini',
    'gpt-5-nano',
    'gpt-4.1',
    'gpt-4.1-nano',
    'gpt-4o',
    'gpt-4o-mini',
    'o4-mini',
  ]) {
    const price = priceOf(model)!
    expect(price.cachedPerMillion).toBeLessThan(price.inputPerMillion)
    expect(price.outputPerMillion).toBeGreaterThan(price.inputPerMillion)
  }
})

test.each(['llama3', '', 'constructor', '__proto__', 'gpt-4o-2024-05-13'])('the price of %j is unknown', (model) => {
  expect(priceOf(model)).toBeNull()
})

test.each(['http://127.0.0.1:11434/v1', 'http://localhost:1234/v1', 'http://[::1]:8080/v1'])(
  'a model served at %s has no list price, whatever its name',
  (baseUrl) => {
    expect(priceOf('gpt-4o', {}, baseUrl)).toBeNull()
    expect(priceOf('gpt-4o', {}, 'https://api.openai.com/v1')).not.toBeNull()
    expect(priceOf('gpt-4o', { 'gpt-4o': { inputPerMillion: 1, outputPerMillion: 2 } }, baseUrl)).not.toBeNull()
  },
)

test('the price that the user states goes first; cached input then costs what other input costs', () => {
  const own = { 'gpt-4o': { inputPerMillion: 1, outputPerMillion: 2 } }
  expect(priceOf('gpt-4o', own)).toEqual({
    inputPerMillion: 1,
    cachedPerMillion: 1,
    outputPerMillion: 2,
    source: 'configuration',
  })
  expect(priceOf('gpt-5', own)?.inputPerMillion).toBe(1.25)
})

test('cached input is a part of the input, not an addition', () => {
  // 600k x 2 + 400k x 0.5 + 100k x 8
  expect(costUsd(TOKENS, priceOf('gpt-4.1'))).toBeCloseTo(1.2 + 0.2 + 0.8, 10)
})

test('the flex tier costs half, other tiers the whole', () => {
  const price = priceOf('gpt-4.1')
  expect(costUsd(TOKENS, price, 'flex')).toBeCloseTo(1.1, 10)
  expect(costUsd(TOKENS, price, 'default')).toBeCloseTo(2.2, 10)
  expect(costUsd(TOKENS, price, null)).toBeCloseTo(2.2, 10)
})

test('an unknown price gives an unknown cost, also for no tokens', () => {
  expect(costUsd({ inputTokens: 0, cachedTokens: 0, outputTokens: 0 }, null)).toBeNull()
})
