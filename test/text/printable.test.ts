import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable, printableJson } from '../../src/text/printable.ts'
import { ANY_CHARACTER } from '../helpers/any-character.ts'

describe('what does not show itself is shown by its number', () => {
  test.each<[string, string, string]>([
    ['an escape sequence', 'a\x1b[2Jb', 'a\\u001b[2Jb'],
    ['the title of a window', '\x1b]0;pwned\x07', '\\u001b]0;pwned\\u0007'],
    ['an 8-bit control', '\x9b2J', '\\u009b2J'],
    ['a bell, a backspace and a delete', '\x07\b\x7f', '\\u0007\\u0008\\u007f'],
    ['what overwrites a line', 'evil\rgood', 'evil\\u000dgood'],
    ['an override of direction', 'a\u202etxt.exe', 'a\\u202etxt.exe'],
    ['isolates', '\u2066 // \u2069', '\\u2066 // \\u2069'],
    ['marks of direction', 'a\u200eb\u061c', 'a\\u200eb\\u061c'],
    ['a space of no width, and a joiner between Latin letters', 'a\u200bb\u200cc\u200dd', 'a\\u200bb\\u200cc\\u200dd'],
    ['a filler that is a letter to JavaScript', 'a\u3164', 'a\\u3164'],
    ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
    ['selectors that hide bytes', 'a\ufe00\u{e0100}', 'a\\ufe00\\u{e0100}'],
    ['separators of lines', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['a byte order mark', '\ufeffa', '\\ufeffa'],
    ['half of a pair', 'a\ud800b', 'a\\ud800b'],
    ['a NUL', 'a\0b', 'a\\u0000b'],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
    const json = printableJson({ text })
    expect(JSON.parse(json)).toEqual({ text })
    expect(json).toMatch(/^[ -~]*$/)
  })

  test.each(['plain\n\ttext, ünïcödé, 日本語, العربية, עברית', '👩‍👩‍👧 👍🏽 ❤️ 1️⃣', 'می‌خواهم क्‍ष', '¡…“—”', ''])(
    'what is meant stays: %s',
    (text) => {
      expect(printable(text)).toBe(text)
    },
  )
})

test('line ends are those of this system', () => {
  expect(printable('a\r\nb\n\r\nc\n')).toBe('a\nb\n\nc\n')
})

test('whatever the text, nothing that steers is left, and JSON keeps its value', () => {
  fc.assert(
    fc.property(fc.string({ unit: ANY_CHARACTER }), (text) => {
      expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      expect(printable(printable(text))).toBe(printable(text))
      expect(JSON.parse(printableJson(text, 2))).toEqual(text)
    }),
    { numRuns: 2000 },
  )
})

test('a large text takes a moment', () => {
  const started = performance.now()
  for (const text of ['x'.repeat(5_000_000), '\u202e'.repeat(300_000), '\r'.repeat(200_000), 'a\u200d'.repeat(200_000)])
    printable(text)
  expect(performance.now() - started).toBeLessThan(3000)
})
