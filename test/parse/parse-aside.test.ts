import { expect, test } from 'vitest'
import { parseAside, syntaxErrorsAside } from '../../src/parse/parse-aside.ts'

test.each([
  ['go', '(a)'],
  ['go', 'interface{'],
  ['cpp', 'template<'],
])(
  'a long text of %s that repeats %s can be left at any time',
  async (language, part) => {
    const text = part.repeat(600_000 / part.length)
    for (const parse of [parseAside, syntaxErrorsAside]) {
      const end = new AbortController()
      const begun = performance.now()
      setTimeout(() => end.abort(new Error('enough')), 500)
      await expect(parse(text, language, end.signal)).rejects.toThrow('enough')
      expect(performance.now() - begun).toBeLessThan(5000)
    }
  },
  30_000,
)

test.each([
  ['typescript', '->', 2000],
  ['rust', '+*', 9990],
  ['csharp', '<a', 2000],
  ['kotlin', 'fun a<\u2028', 15_000],
])('sixty texts of %s that repeat %s can be left at any time', async (language, part, length) => {
  const text = part.repeat(length / part.length)
  const end = new AbortController()
  const begun = performance.now()
  setTimeout(() => end.abort(new Error('enough')), 500)
  const parseAll = async () => {
    for (let i = 0; i < 60; i++) await syntaxErrorsAside(text, language, end.signal)
  }
  await expect(parseAll()).rejects.toThrow('enough')
  expect(performance.now() - begun).toBeLessThan(3000)
})

test('a long text has the same definitions as a short one', async () => {
  const part = (at: number) => `export function f${at}() {\n  return ${at}\n}\n`
  const long = Array.from({ length: 1000 }, (_, at) => part(at)).join('')
  const { symbols, gaps } = await parseAside(long, 'typescript')
  expect([symbols.length, gaps]).toEqual([1000, []])
  expect(symbols[0]).toEqual((await parseAside(part(0), 'typescript')).symbols[0])
  expect(await syntaxErrorsAside(`${long}function (`, 'typescript')).not.toEqual([])
})
