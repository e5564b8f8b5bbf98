import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Candidate, fillPack } from '../../src/pack/fill-pack.ts'
import { countTokens } from '../../src/tokens/tokens.ts'

const candidate = (text: string, value: number, order: number, group = 'files'): Candidate => ({
  subject: `s${order}`,
  kind: 'file',
  text,
  value,
  stale: false,
  order,
  group,
})

test('the best per token are chosen, and shown in reading order under their headings', () => {
  const pack = fillPack(
    [
      candidate('first', 1, 0, 'A'),
      candidate('a much longer text of little worth', 0.1, 1, 'A'),
      candidate('third', 2, 2, 'B'),
    ],
    12,
    countTokens,
  )
  expect(pack.text).toBe('A\nfirst\n\nB\nthird')
  expect(pack.leftOut.map((item) => item.subject)).toEqual(['s1'])
})

test('an item that does not fit is passed over for a smaller one', () => {
  const pack = fillPack([candidate('word '.repeat(100), 100, 0), candidate('small', 0.01, 1)], 10, countTokens)
  expect(pack.items.map((item) => item.subject)).toEqual(['s1'])
})

test('what comes first is chosen in its order, and nothing else when none of it fits', () => {
  const first = [
    { ...candidate('the best of all, with much that is said of it', 0.1, 0), isFirst: true },
    { ...candidate('second', 9, 1), isFirst: true },
  ]
  const rest = candidate('rest', 99, 2)
  const chosen = (budget: number) => fillPack([...first, rest], budget, countTokens).items.map(({ order }) => order)
  expect([3, 6, 16, 40].map(chosen)).toEqual([[], [1], [0], [0, 1, 2]])
})

test('a budget of 0 gives nothing', () => {
  expect(fillPack([candidate('x', 1, 0)], 0, countTokens)).toMatchObject({ text: '', tokens: 0, items: [] })
})

test('the text never holds more tokens than the budget, whatever the candidates', () => {
  const item = fc.record({
    text: fc.string({ maxLength: 200 }),
    value: fc.double({ min: 0.001, max: 10, noNaN: true }),
    group: fc.constantFrom('## A', '## B', '## path/to/C.ts'),
  })
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), fc.nat(300), (items, budget) => {
      const pack = fillPack(
        items.map((one, order) => candidate(one.text, one.value, order, one.group)),
        budget,
        countTokens,
      )
      expect(countTokens(pack.text)).toBeLessThanOrEqual(budget)
      expect(pack.tokens).toBe(countTokens(pack.text))
      expect(pack.items.length + pack.leftOut.length).toBe(items.length)
    }),
    { numRuns: 150 },
  )
})
