import { expect, test } from 'vitest'
import { outlineLine } from '../../src/retrieve/outline.ts'
import type { CodeSymbol } from '../../src/types.ts'

test.each([
  ['Cart.total', 'total', true, '3-9 Cart: total(): number'],
  ['Cart.total', 'total', false, '3-9 total(): number'],
  ['total', 'total', true, '3-9 total(): number'],
])('%s is outlined with its owner where others are called so', (qualified, name, withOwner, line) => {
  const symbol = { qualified, name, kind: 'method', lines: { first: 3, last: 9 }, signature: 'total(): number' }
  expect(outlineLine({ ...symbol, doc: null, hash: '' } as CodeSymbol, undefined, withOwner)).toBe(line)
})
