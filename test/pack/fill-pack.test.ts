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

/** One token a word, so that the budgets below can be read. */
const words = (text: string) => text.split(/\s+/).filter(Boolean).length
const fill = (candidates: readonly Candidate[], budget: number) => {
  const { items, leftOut, text, tokens } = fillPack(candidates, budget, words)
  return { items: items.map(({ order }) => order), leftOut: leftOut.map(({ order }) => order), text, tokens }
}

test('value per token decides: two short texts are taken before one long text that is worth more', () => {
  const long = candidate('eight words that together are worth five points', 5, 0)
  const short = [candidate('four words, three points', 3, 1), candidate('four others, three points', 3, 2)]
  expect(fill([long, ...short], 9)).toMatchObject({ items: [1, 2], leftOut: [0] })
})

test('of texts that are worth the same per token the first ones are taken, whatever order they come in', () => {
  const same = [0, 1, 2, 3].map((order) => candidate(`word${order} word`, 2, order))
  expect(fill(same, 5).items).toEqual([0, 1])
  expect(fill(same.toReversed(), 5).items).toEqual([0, 1])
})

test('a heading is paid for once, and stands only above texts that were taken', () => {
  const two = [candidate('a', 2, 0, 'Heading'), candidate('b', 1, 1, 'Heading'), candidate('c', 0.5, 2, 'Other')]
  expect(fill(two, 3)).toEqual({ items: [0, 1], leftOut: [2], text: 'Heading\na\nb', tokens: 3 })
  expect(fill(two, 4).items).toEqual([0, 1])
  expect(fill(two, 5)).toMatchObject({ items: [0, 1, 2], text: 'Heading\na\nb\n\nOther\nc' })
})

test('a text that fills the budget to the last token is taken', () => {
  expect(fill([candidate('one two three', 1, 0)], 4)).toMatchObject({ items: [0], tokens: 4 })
  expect(fill([candidate('one two three', 1, 0)], 3)).toMatchObject({ items: [], tokens: 0 })
})

test('what was left out is told with the most valuable first', () => {
  const many = [3, 1, 4, 2].map((value, order) => candidate('far too many words to fit', value, order))
  expect(fill(many, 3)).toMatchObject({ items: [], leftOut: [2, 0, 3, 1] })
})

test('texts that are longer together than apart are dropped from the last one chosen, until they fit', () => {
  const joined = (text: string) => words(text) * (text.includes('b') && text.includes('a') ? 2 : 1)
  const { items, leftOut, tokens } = fillPack([candidate('a', 2, 0, ''), candidate('b', 1, 1, '')], 2, joined)
  expect([items, leftOut].map((some) => some.map(({ order }) => order))).toEqual([[0], [1]])
  expect(tokens).toBe(1)
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
