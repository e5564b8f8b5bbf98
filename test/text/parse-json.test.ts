import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closingAt, parseJson } from '../../src/text/parse-json.ts'

test('it reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
  const brackets = JSON.stringify({ text: '['.repeat(10_000), '"\\': '\\"{{{'.repeat(1000) })
  expect(parseJson(brackets)).toEqual(JSON.parse(brackets))
})

test('what nests too deep is a SyntaxError, however large it is, in no time', () => {
  const nested = (levels: number) => `${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}`
  expect(parseJson(nested(100))).toEqual(JSON.parse(nested(100)))
  for (const text of [nested(101), nested(1_000_000), '['.repeat(10_000_000), '{"a":'.repeat(1_000_000)]) {
    const started = performance.now()
    expect(() => parseJson(text)).toThrow(SyntaxError)
    expect(performance.now() - started).toBeLessThan(500)
  }
})

test('more values than are allowed are a SyntaxError', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      expect(parseJson(text, 2 * text.length)).toEqual(JSON.parse(text))
    }),
  )
  const text = '{"a": [1, {"b": "[,,,\\",,{"}, [2]], "c": null}'
  expect(parseJson(text, 8)).toEqual(JSON.parse(text))
  expect(() => parseJson(text, 7)).toThrow('more than 7 values')
  for (const many of ['1', '{}', '[]', '""', '{"a":1}'])
    expect(() => parseJson(`[${Array(1001).fill(many).join(',')}]`, 1000)).toThrow(SyntaxError)
})

test('a text of ten million quotes and backslashes takes a moment', () => {
  const started = performance.now()
  for (const text of [
    '"'.repeat(10_000_000),
    '\\'.repeat(10_000_000),
    `"${'\\"'.repeat(5_000_000)}`,
    `"${'x'.repeat(10_000_000)}`,
    '"\\'.repeat(5_000_000),
  ])
    expect(() => parseJson(text)).toThrow(SyntaxError)
  expect(performance.now() - started).toBeLessThan(5000)
})

test('the bracket that closes another one is found, whatever stands in strings', () => {
  const text = 'so: {"a": "}\\"]", "b": [1, {}]} and {'
  expect(text.slice(4, closingAt(text, 4)!)).toBe('{"a": "}\\"]", "b": [1, {}]}')
  expect(closingAt(text, text.length - 1)).toBe(null)
  expect(closingAt('{"a": "xxxx', 0)).toBe(null)
})
