import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import * as theirs from 'gpt-tokenizer/encoding/o200k_base'
import { expect, test } from 'vitest'
import { openRanks, packRanks } from '../../src/tokens/token-ranks.ts'
import { countAllTokens, countTokens } from '../../src/tokens/tokens.ts'
import { ANY_CHARACTER } from '../helpers/any-character.ts'

const countedByLibrary = (text: string) => theirs.countTokens(text, { disallowedSpecial: new Set() })

test.each([
  '',
  'hello world',
  "naïve <|endoftext|> 日本語 🙂 WE'LL it's",
  '\ud83d alone \ude42',
  '\n'.repeat(3900),
  readFileSync('README.md', 'utf8').slice(0, 4000),
])('counts are those of gpt-tokenizer: %#', (text) => {
  expect(countTokens(text)).toBe(countedByLibrary(text))
})

test('counts are those of gpt-tokenizer for whatever is written', () => {
  const parts = [
    'a',
    'B',
    'é',
    '日',
    '🙂',
    ' ',
    '\n',
    '\r',
    "'s",
    "'LL",
    '12',
    '_',
    '/',
    '\t',
    '\u0301',
    'ß',
    'ǅ',
    'ʰ',
    'function',
  ]
  const texts = fc.oneof(
    fc.string({ unit: ANY_CHARACTER }),
    fc.string({ unit: fc.constantFrom(...parts), maxLength: 40 }),
  )
  fc.assert(
    fc.property(texts, (text) => countTokens(text) === countedByLibrary(text)),
    { numRuns: 2000 },
  )
})

test('a run of 100,000 equal letters takes no seconds', () => {
  const started = performance.now()
  expect(countTokens('a'.repeat(100_000))).toBe(12_500)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('of millions of characters only the first million is counted; the rest of code is not counted too low', () => {
  const line = 'export const price = 1 // in cents\n'
  const times = 200_000
  const started = performance.now()
  const counted = countTokens(line.repeat(times))
  expect(performance.now() - started).toBeLessThan(2000)
  expect(countAllTokens(Array(times).fill(line)) / counted).toBeCloseTo(1, 2)
  const exact = times * countTokens(line)
  expect(counted).toBeGreaterThan(exact)
  expect(counted).toBeLessThan(2 * exact)
})

test('long words are counted as short ones are, in no time', () => {
  const letters = ['x', 'ab', 'é', '日', 'ing', 'the', 'B', '\u0301']
  const words = fc.array(fc.constantFrom(...letters), { minLength: 100, maxLength: 1000 }).map((all) => all.join(''))
  fc.assert(
    fc.property(words, (word) => countTokens(word) === countedByLibrary(word)),
    { numRuns: 100 },
  )
  const started = performance.now()
  expect(countTokens('é日'.repeat(200_000))).toBeGreaterThan(200_000)
  expect(performance.now() - started).toBeLessThan(4000)
})

test('a packed token is found by its bytes, and by no part of them', () => {
  const tokens = ['a', 'ab', 'abc', 'é'].map((token) => new TextEncoder().encode(token))
  const rankOf = openRanks(packRanks(tokens))
  expect(tokens.map((token) => rankOf(token, 0, token.length))).toEqual([0, 1, 2, 3])
  const text = new TextEncoder().encode('xabcé')
  expect([rankOf(text, 1, 3), rankOf(text, 2, 4), rankOf(text, 4, 5)]).toEqual([1, Infinity, Infinity])
})
