import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillAnswer } from '../../../src/retrieve/questions/fill-answer.ts'
import type { FileOfPassages, Passage } from '../../../src/retrieve/questions/passage.ts'
import type { RankedPassage } from '../../../src/retrieve/questions/rank-passages.ts'
import { countTokens } from '../../../src/tokens/tokens.ts'

const LINES = Array.from({ length: 100 }, (_, i) => `  line ${i + 1}`)

function passage(name: string, first: number, last: number, more: Partial<RankedPassage> = {}): RankedPassage {
  const own = { path: 'a.ts', name, kind: 'function', lines: { first, last }, signature: `${name}()`, doc: '' } as const
  return { ...own, score: 1, telling: () => [], ...more }
}

function fill(ranked: readonly RankedPassage[], budgetTokens: number, passages: readonly Passage[] = ranked) {
  const file: FileOfPassages = { path: 'a.ts', lines: LINES, passages, summary: '' }
  return fillAnswer({ passages: ranked, files: new Map([['a.ts', file]]), uses: [] }, budgetTokens, countTokens)
}

test('the best is shown whole with what is said of it, the next ones by their declaration', () => {
  const far = passage('far', 50, 60, { score: 0.2, doc: 'Far off. And more.' })
  const { text, passages } = fill([passage('near', 1, 3, { doc: 'Close by. And more.' }), far], 400)
  expect(text).toBe('a.ts:1-3  near  // Close by.\n  line 1\n  line 2\n  line 3\n\na.ts:50-60  far()  // Far off.')
  expect(passages.map(({ name }) => name)).toEqual(['near', 'far'])
})

test('what is too long for the room is shown by its first lines and those that tell', () => {
  const { text } = fill([passage('long', 1, 100, { telling: () => [50] })], 200)
  expect(text).toBe(
    [
      'a.ts:1-100  long',
      '  line 1',
      '  line 2',
      '… (line 48)',
      ...[48, 49, 50, 51, 52].map((line) => `  line ${line}`),
    ].join('\n'),
  )
})

test('what lies in a definition that is shown is not shown again; a class is shown without the lines of its methods', () => {
  const inner = passage('outer.inner', 2, 3)
  expect(fill([passage('outer', 1, 4), inner], 400).text).toBe(
    'a.ts:1-4  outer\n  line 1\n  line 2\n  line 3\n  line 4',
  )
  const method = passage('Cart.add', 2, 4)
  expect(fill([passage('Cart', 1, 5, { kind: 'class' }), method], 400).text).toBe(
    'a.ts:1-5  Cart\n  line 1\n  line 2\n… (line 5)\n  line 5\n\na.ts:2-4  Cart.add\n  line 2\n  line 3\n  line 4',
  )
})

test('where a name is used comes first', () => {
  const files = new Map([['a.ts', { path: 'a.ts', lines: LINES, passages: [], summary: '' }]])
  const uses = [
    { path: 'a.ts', line: 7, text: 'run()', by: passage('start', 5, 9) },
    { path: 'b.ts', line: 1, text: 'run()', by: null },
  ]
  const { text } = fillAnswer({ passages: [passage('start', 5, 6)], files, uses }, 400, countTokens)
  expect(text).toBe('a.ts:7  start: run()\nb.ts:1  run()\n\na.ts:5-6  start\n  line 5\n  line 6')
})

test('of many uses the first thirty are shown, and the number of the others', () => {
  const uses = Array.from({ length: 33 }, (_, i) => ({ path: 'a.ts', line: i + 1, text: 'run()', by: null }))
  const { text } = fillAnswer({ passages: [], files: new Map(), uses }, 4000, countTokens)
  expect(text.split('\n').slice(-2)).toEqual(['a.ts:30  run()', '… and 3 more'])
})

test('uses that would fill the budget leave room for who uses the name', () => {
  const users = Array.from({ length: 30 }, (_, i) => passage(`user${i}`, 3 * i + 1, 3 * i + 3))
  const text = "$this->query->limit($limit)->offset($this->start)->where('name', 'like', $pattern)->get()"
  const uses = users.map((by) => ({ path: 'src/database/query/builder.php', line: by.lines.first, text, by }))
  const files = new Map([['a.ts', { path: 'a.ts', lines: LINES, passages: users, summary: '' }]])
  const answer = fillAnswer({ passages: users, files, uses }, 500, countTokens)
  const told = answer.text.split('\n').filter((line) => line.startsWith('src/database/')).length
  expect(answer.text).toContain(`\n… and ${30 - told} more\n`)
  expect(told).toBeGreaterThan(3)
  expect(answer.passages.length).toBeGreaterThan(0)
})

test('a budget is never exceeded', () => {
  const some = fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 0, max: 60 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
    ),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(some, fc.integer({ min: 0, max: 1500 }), (spans, budgetTokens) => {
      const ranked = spans
        .map(([first, length, score], i) =>
          passage(`name${i}`, first, Math.min(100, first + length), { score, telling: () => [first + 1] }),
        )
        .sort((a, b) => b.score - a.score)
      expect(countTokens(fill(ranked, budgetTokens).text)).toBeLessThanOrEqual(budgetTokens)
    }),
  )
})
