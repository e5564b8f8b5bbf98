import { expect, test } from 'vitest'
import { outlineLine, overlap, symbolScorer } from '../../src/retrieve/outline.ts'
import type { CodeSymbol } from '../../src/types.ts'

test.each([
  ['Cart.total', 'total', true, '3-9 Cart: total(): number'],
  ['Cart.total', 'total', false, '3-9 total(): number'],
  ['total', 'total', true, '3-9 total(): number'],
])('%s is outlined with its owner where others are called so', (qualified, name, withOwner, line) => {
  const symbol = { qualified, name, kind: 'method', lines: { first: 3, last: 9 }, signature: 'total(): number' }
  expect(outlineLine({ ...symbol, doc: null, hash: '' } as CodeSymbol, undefined, withOwner)).toBe(line)
})

const symbol = (qualified: string, first: number, last: number, doc: string | null = null) =>
  ({
    qualified,
    name: qualified,
    kind: 'method',
    lines: { first, last },
    signature: qualified,
    doc,
    hash: '',
  }) as CodeSymbol
const WORTH = new Map(Object.entries({ cart: 2, total: 1 }))

test('a definition speaks of a request by its name, twice, by what is told of it, and by its lines', () => {
  const lines = ['let cart', 'cart + cart', 'walk', 'total']
  const scores = symbolScorer(WORTH)(
    [symbol('Cart.total', 3, 3), symbol('walk', 1, 2), symbol('run', 3, 4, 'Of a cart.'), symbol('rest', 9, 9)],
    lines,
  ).map(({ score }) => score)
  const damped = (length: number) => 1 + Math.log2(1 + length / 20)
  expect(scores).toEqual([
    2 * (2 + 1) + (2 + 1), // its signature says its name again
    expect.closeTo((0.7 * 2 * Math.sqrt(3)) / damped(2), 9),
    expect.closeTo(2 + (0.7 * 1) / damped(2), 9),
    0,
  ])
})

test('a term that is repeated counts by the square root, of three times at most', () => {
  expect(overlap('total', WORTH)).toBe(1)
  expect(overlap('carts, a cart and totals', WORTH)).toBeCloseTo(2 * Math.sqrt(2) + 1, 9)
  for (const times of [3, 4, 9]) expect(overlap('cart '.repeat(times), WORTH)).toBeCloseTo(2 * Math.sqrt(3), 9)
  expect(overlap('walk', WORTH)).toBe(0)
})

test('of its comment the first sentence is told; an abbreviation ends none', () => {
  const told = (doc: string) => outlineLine(symbol('add', 1, 3, doc)).split('  // ')[1]
  expect(told('Adds two, e.g. 1 and 2. Returns\nthe sum.')).toBe('Adds two, e.g. 1 and 2.')
  expect(told('Adds. Then returns.')).toBe('Adds.')
})
