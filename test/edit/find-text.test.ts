import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findText } from '../../src/edit/find-text.ts'

function apply(text: string, find: string, replacement: string): string {
  const places = findText(text, find, replacement)
  if (places.length !== 1) return `${places.length} places`
  return text.slice(0, places[0]!.start) + places[0]!.replacement + text.slice(places[0]!.end)
}

describe('exactly', () => {
  test('parts of lines and whole lines', () => {
    expect(apply('a = 1\nb = 2\n', '= 2', '= 3')).toBe('a = 1\nb = 3\n')
    expect(apply('a\nb\nc\n', 'b\n', '')).toBe('a\nc\n')
  })

  test('overlapping occurrences count as several', () => {
    expect(apply('aaa', 'aa', 'b')).toBe('2 places')
  })

  test('replacement patterns are plain text', () => {
    expect(apply('a', 'a', "$& $1 $' \\n")).toBe("$& $1 $' \\n")
  })

  test('an exact place wins over one with other white space', () => {
    expect(apply('x  \ny\nx\ny\n', 'x\ny', 'z')).toBe('x  \ny\nz\n')
  })

  test('a match never splits a CRLF', () => {
    expect(apply('a\r\nb\r\n', '\nb', '\nc')).toBe('a\r\nc\r\n')
  })
})

describe('with white space at line ends set aside', () => {
  test('on either side, and it goes with the line that is replaced', () => {
    expect(apply('one  \ntwo\t\nthree\n', 'one\ntwo', '1\n2')).toBe('1\n2\nthree\n')
    expect(apply('one\ntwo\n', 'one   \ntwo ', '1\n2')).toBe('1\n2\n')
    expect(apply('const x = f(\r\n  a,\r\n  b)\r\n', 'f(\n  a,', 'g(\n  A,')).toBe('const x = g(\r\n  A,\r\n  b)\r\n')
    expect(apply('a\r\n\r\nb\r\n', 'a\n\nb\n', 'c\n')).toBe('c\r\n')
    expect(apply('x = f(\r\n    a)\r\n', 'f(\n    ', 'g(\n    ')).toBe('x = g(\r\n    a)\r\n')
  })

  test('a space at the end of the text to find is not forgotten within a line', () => {
    expect(apply('returned\n', 'return ', 'x')).toBe('0 places')
  })

  test('two places are refused', () => {
    expect(apply('a \nb\na \nb\n', 'a\nb', 'c')).toBe('2 places')
  })
})

describe('with another indentation', () => {
  test('the replacement moves by as much', () => {
    const text = 'class A {\n    f() {\n        if (x) {\n            y()\n        }\n    }\n}\n'
    expect(apply(text, 'if (x) {\n    y()\n}', 'if (x) {\n    z()\n}\nw()')).toBe(
      'class A {\n    f() {\n        if (x) {\n            z()\n        }\n        w()\n    }\n}\n',
    )
    expect(apply('if a:\n  b()\n  c()\n', '      b()\n      c()\n', '      d()\n    e()\n')).toBe('if a:\n  d()\ne()\n')
  })

  test('tabs of the file stand for spaces of the text to find, as far as it shows them', () => {
    expect(
      apply('\tif (x) {\n\t\ty()\n\t}\n', '  if (x) {\n    y()\n  }', '  if (x) {\n    z()\n      deep\n  }'),
    ).toBe('\tif (x) {\n\t\tz()\n\t\t  deep\n\t}\n')
  })

  test('a text that has lost its structure is not found', () => {
    expect(apply('if a:\n    b()\nc()\n', ' if a:\n b()\n c()', 'x')).toBe('0 places')
  })

  test('only whole lines count, and blank lines keep out of it', () => {
    expect(apply('  foo(a)\n\n  bar(b)\n', 'foo(a)\n\nbar', 'x')).toBe('0 places')
    expect(apply('  foo(a)\n\n  bar(b)\n', '    foo(a)\n\n    bar(b)', '    foo(b)\n\n    bar(c)')).toBe(
      '  foo(b)\n\n  bar(c)\n',
    )
  })

  test('white space in a blank line of the file does not hide the place', () => {
    expect(apply('  foo(a)\n    \n  bar(b)\n', 'foo(a)\n\nbar(b)', 'x')).toBe('  x\n')
    expect(apply('  foo(a)\n\n  bar(b)\n', 'foo(a)\n    \nbar(b)', 'x')).toBe('  x\n')
  })

  test('a replacement that ends within a line is joined with what follows, as in an exact place', () => {
    expect(apply('a\nb\nrest\n', 'a\nb\n', 'c\nd ')).toBe('c\nd rest\n')
    expect(apply('  a\n  b\nrest\n', 'a\nb\n', 'c\nd ')).toBe('  c\n  d rest\n')
  })

  test('white space after the last line break of find or replacement is ignored', () => {
    expect(apply('  a\n  b\nrest\n', 'a\nb\n  ', 'c\nd\n\t')).toBe('  c\n  d\nrest\n')
  })

  test('a last line without line break stays without', () => {
    expect(apply('  a\n  b', 'a\nb\n', 'c\nd\n')).toBe('  c\n  d')
    expect(apply('  a\n  b\nrest\n', 'a\nb\n', '')).toBe('rest\n')
  })

  test('two places are refused', () => {
    expect(apply('  a()\n    a()\n', '\ta()', 'x')).toBe('2 places')
  })
})

describe('limits', () => {
  test('a thousand places are found at most, each way', () => {
    const count = (line: string, find: string) => findText(line.repeat(1500), find, 'x').length
    expect([count('a\n', 'a\n'), count('a \n', 'a\n'), count('  a()\n', '\ta()')]).toEqual([1000, 1000, 1000])
  })

  test('nothing is found where the lines would have to be compared too often', () => {
    const text = (lines: number) => `${'  x\n'.repeat(lines)}  y\n`
    const find = (lines: number) => `${'\tx\n'.repeat(lines)}\ty`
    expect(findText(text(2000), find(1000), 'z')).toHaveLength(1)
    expect(findText(text(8000), find(4000), 'z')).toEqual([])
  })

  test('white space alone is no text to find', () => {
    expect(apply('a\nb\n', '   ', 'x')).toBe('0 places')
    expect(apply('a\n\n\nb\n', '\u00a0\n\u00a0', 'x')).toBe('0 places')
  })
})

describe('property: a block of lines, shown with LF and without white space at line ends', () => {
  const line = fc.stringMatching(/^[ \t]{0,3}[a-c(){}é]{0,4}[ \t]{0,2}$/)
  const file = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { minLength: 1, maxLength: 12 })

  test('is replaced where it stands, and the rest of the file keeps every byte', () => {
    fc.assert(
      fc.property(file, fc.nat(), fc.nat(), (lines, a, b) => {
        // A marker makes the block unique.
        const marked = lines.map(([text, ending], i) => [`${text}#${i}`, ending] as const)
        const first = a % marked.length
        const last = first + (b % (marked.length - first))
        const text = marked.map(([one, ending]) => one + ending).join('')
        const block = marked.slice(first, last + 1)
        const find = block.map(([one]) => one).join('\n')
        const start = marked
          .slice(0, first)
          .map((one) => one.join(''))
          .join('').length
        const end = start + block.map((one) => one.join('')).join('').length - block.at(-1)![1].length
        const result = apply(`${text}end#`, `${find}\n`, 'new\n')
        const ending = block[0]![1]
        expect(result).toBe(`${text.slice(0, start)}new${ending}${text.slice(end + block.at(-1)![1].length)}end#`)
      }),
      { numRuns: 300 },
    )
  })
})
