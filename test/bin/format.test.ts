import { expect, test } from 'vitest'
import { spent, wrap } from '../../bin/format.ts'

test('prose is broken between words, with its indent; rows of a table and long words stay whole', () => {
  const text = [
    'one two three four',
    '',
    '  one two three',
    'a row  of a table  here',
    'averylongword is',
    'exactly ten',
  ].join('\n')
  expect(wrap(text, 10).split('\n')).toEqual([
    'one two',
    'three four',
    '',
    '  one two',
    '  three',
    'a row  of a table  here',
    'averylongword',
    'is',
    'exactly',
    'ten',
  ])
  expect(wrap('0123456789', 10)).toBe('0123456789')
})

test.each([
  [0.00123, 'US$0.0012'],
  [null, 'price unknown'],
])('what calls took: tokens and %s', (usd, money) => {
  expect(spent({ calls: 2, inputTokens: 3300, cachedTokens: 1000, outputTokens: 112, usd })).toBe(
    `tokens: 3,412 in 2 calls (input 3,300, of it cached 1,000; output 112), ${money}`,
  )
})
