import { expect, test } from 'vitest'
import { spent, table, wrap } from '../../bin/format.ts'

test('lines are broken between words and go on below what was begun; long words, rows of tables and code stay whole', () => {
  const cases: [string, string[]][] = [
    ['one two three four', ['one two', 'three four']],
    ['exactly 10', ['exactly 10']],
    ['', ['']],
    ['  one two three', ['  one two', '  three']],
    ['averylongword is', ['averylongword', 'is']],
    ['a  row  of  a  table', ['a  row  of', '   a', '   table']],
    ['a  one two three', ['a  one two', '   three']],
    ['- one two three', ['- one two', '  three']],
    ['src/long/path.ts  (speaks of a)', ['src/long/path.ts', '    (speaks', '    of a)']],
  ]
  for (const [line, lines] of cases) expect(wrap(line, 10).split('\n')).toEqual(lines)
  const rows = 'a  row  of  a  table\na  row  of  a  table'
  expect(wrap(rows, 10)).toBe(rows)
  expect(wrap('note:  one two three four', 18).split('\n')).toEqual(['note:  one two', '       three four'])
  expect(wrap('```\nlong line of code here\n```\nlong line of words', 10)).toBe(
    '```\nlong line of code here\n```\nlong line\nof words',
  )
  const isWhole = (line: string) => line.startsWith('  ')
  expect(wrap('  long line of code\nlong line of words', 10, isWhole)).toBe('  long line of code\nlong line\nof words')
})

test('a line of a million blanks, and one with a Unicode line separator, are broken too', () => {
  const started = performance.now()
  expect(wrap(`one${' '.repeat(1_000_000)}`, 10)).toContain('one')
  expect(wrap(`${' '.repeat(500_000)}${'word '.repeat(50_000)}`, 80).length).toBeLessThan(2_000_000)
  expect(performance.now() - started).toBeLessThan(2000)
  expect(wrap('one two\u2028three four', 10).split('\n')).toEqual(['one', 'two\u2028three', 'four'])
})

test('in a pipe, which has no width, nothing is broken', () => {
  const text = 'word '.repeat(100)
  expect(wrap(text, Number.POSITIVE_INFINITY)).toBe(text)
})

test('the last column of a table is broken within itself, where it has room', () => {
  const rows = [
    ['run', 'request'],
    ['1', 'Add a signal option to the throw of a context'],
  ]
  expect(table(rows, 30).split('\n')).toEqual([
    'run  request',
    '  1  Add a signal option to',
    '     the throw of a context',
  ])
  expect(table(rows, 20).split('\n')).toHaveLength(2)
})

test.each([
  [0.00123, 'US$0.0012'],
  [null, 'price unknown'],
])('what calls took: tokens and %s', (usd, money) => {
  expect(spent({ calls: 2, inputTokens: 3300, cachedTokens: 1000, outputTokens: 112, usd })).toBe(
    `tokens: 3,412 in 2 calls (input 3,300, of it cached 1,000; output 112), ${money}`,
  )
})

test('wide characters take two columns of a table', () => {
  const [, ...rows] = table([
    ['request', 'state'],
    ['增加缓存', 'waiting'],
    ['Add a cache', 'waiting'],
  ]).split('\n')
  expect(rows).toEqual(['增加缓存     waiting', 'Add a cache  waiting'])
})
