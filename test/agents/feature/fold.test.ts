import { expect, test } from 'vitest'
import { fold } from '../../../agents/feature/fold.ts'

const lines = Array.from({ length: 400 }, (_, i) => (i + 1 === 200 ? '  discount(price)' : `  row ${i + 1}`))
const all = { first: 1, last: 400 }
const nothing = { words: new Map<string, number>(), searched: new Set<number>() }
const shown = (spans: readonly { first: number; last: number }[], at: number) =>
  spans.some(({ first, last }) => first <= at && at <= last)
const size = (spans: readonly { first: number; last: number }[]) =>
  spans.reduce((sum, { first, last }) => sum + last - first + 1, 0)

test('a short stretch is shown as it is', () => {
  expect(fold({ first: 10, last: 220 }, lines, [], nothing)).toEqual([{ first: 10, last: 220 }])
})

test('of a long one its ends, the heads of definitions, and what speaks of the request with the lines around', () => {
  const spans = fold(all, lines, [{ lines: { first: 120, last: 160 } }], {
    words: new Map([['discount', 5]]),
    searched: new Set<number>(),
  })
  for (const at of [1, 8, 120, 197, 200, 203, 400]) expect(shown(spans, at)).toBe(true)
  for (const at of [60, 130, 300]) expect(shown(spans, at)).toBe(false)
})

test('what was searched for beside it counts too', () => {
  const spans = fold(all, lines, [], { words: new Map(), searched: new Set([333]) })
  expect(shown(spans, 333)).toBe(true)
})

test('however much speaks of the request, not much more than 120 lines are shown', () => {
  expect(size(fold(all, lines, [], { words: new Map([['row', 1]]), searched: new Set<number>() }))).toBeLessThan(135)
})
