import { expect, test } from 'vitest'
import { parseAmount } from '../../src/config/amount.ts'

test.each([
  ['30000', 30_000],
  ['30_000', 30_000],
  ['30k', 30_000],
  ['30K', 30_000],
  ['1.1k', 1100],
  ['1.5M', 1_500_000],
  ['2m', 2_000_000],
  ['1G', 1_000_000_000],
  ['0', 0],
  ['.5', 0.5],
  ['0.25', 0.25],
  ['1e5', 100_000],
  [' 7 ', 7],
  ['1e999', Number.POSITIVE_INFINITY],
])('%j is %d', (text, number) => {
  expect(parseAmount(text)).toBe(number)
})

test.each([
  '',
  ' ',
  'k',
  '.',
  'e5',
  '-1',
  '+1',
  '1,000',
  '1__0',
  '_1',
  '1_',
  '1.',
  '1.2.3',
  '30 k',
  '0x10',
  'NaN',
  'Infinity',
  '1kk',
  'many',
])('%j is no number', (text) => {
  expect(parseAmount(text)).toBeNull()
})
