import { expect, test } from 'vitest'
import { editSymbol } from '../../src/edit/edit-symbol.ts'

const js = `import x from 'x'

/** Adds. */
export function add(a, b) {
  return a + b
}

class Cart {
  /** Sum. */
  @memo
  total() {
    return 1
  }

  size() {
    return 2
  }
}
`
const ADD = { first: 4, last: 6 }
const CART = { first: 8, last: 18 }
const TOTAL = { first: 11, last: 13 }
const SIZE = { first: 15, last: 17 }

test('replace takes exactly the lines of the definition', () => {
  expect(editSymbol(js, ADD, 'replace', 'export function add(a) {\n  return a\n}\n')).toBe(
    js.replace('export function add(a, b) {\n  return a + b\n}', 'export function add(a) {\n  return a\n}'),
  )
})

test('a new text without the indentation of the definition gets it', () => {
  const expected = js.replace('return 2', 'return 3')
  expect(editSymbol(js, SIZE, 'replace', 'size() {\n  return 3\n}')).toBe(expected)
  expect(editSymbol(js, SIZE, 'replace', '  size() {\n    return 3\n  }')).toBe(expected)
  expect(editSymbol(js, SIZE, 'replace', 'size() {\n    return 3\n  }')).toBe(expected)
})

test('comment and decorators that the new text repeats are not doubled', () => {
  expect(editSymbol(js, TOTAL, 'replace', '/** Sum. */\n@memo\ntotal() {\n  return 9\n}')).toBe(
    js.replace('return 1', 'return 9'),
  )
})

test('before goes above the comment that belongs to the definition', () => {
  expect(editSymbol(js, ADD, 'before', 'const y = 1')).toBe(js.replace('/** Adds. */', 'const y = 1\n\n/** Adds. */'))
  expect(editSymbol(js, TOTAL, 'before', 'id() {\n}\n')).toBe(
    js.replace('  /** Sum. */', '  id() {\n  }\n\n  /** Sum. */'),
  )
})

test('after leaves one blank line, inside a class, between neighbours and at the end', () => {
  const added = 'id() {\n  return 3\n}'
  const shown = '  id() {\n    return 3\n  }'
  expect(editSymbol(js, SIZE, 'after', added)).toBe(js.replace('return 2\n  }\n', `return 2\n  }\n\n${shown}\n`))
  expect(editSymbol(js, TOTAL, 'after', added)).toBe(js.replace('return 1\n  }\n', `return 1\n  }\n\n${shown}\n`))
  expect(editSymbol(js, CART, 'after', 'export const z = 1\n')).toBe(`${js}\nexport const z = 1\n`)
  expect(editSymbol('function a() {\n}', { first: 1, last: 2 }, 'after', 'function b() {\n}\n')).toBe(
    'function a() {\n}\n\nfunction b() {\n}',
  )
})

test('two blank lines where the neighbours have two, as in Python', () => {
  const py = 'import os\n\n\ndef a():\n    return 1\n\n\ndef b():\n    return 2\n'
  expect(editSymbol(py, { first: 4, last: 5 }, 'after', 'def n():\n    pass')).toBe(
    py.replace('return 1\n', 'return 1\n\n\ndef n():\n    pass\n'),
  )
  expect(editSymbol(py, { first: 8, last: 9 }, 'after', 'def n():\n    pass')).toBe(`${py}\n\ndef n():\n    pass\n`)
  expect(editSymbol(py, { first: 4, last: 5 }, 'before', 'def n():\n    pass')).toBe(
    py.replace('def a', 'def n():\n    pass\n\n\ndef a'),
  )
})

test('one-liners without blank lines between stay so, and a longer neighbour gets one', () => {
  const list = 'const a = 1\nconst b = 2\nconst c = 3\n'
  expect(editSymbol(list, { first: 2, last: 2 }, 'after', 'const n = 0')).toBe(
    'const a = 1\nconst b = 2\nconst n = 0\nconst c = 3\n',
  )
  expect(editSymbol(list, { first: 2, last: 2 }, 'before', 'function n() {\n}')).toBe(
    'const a = 1\n\nfunction n() {\n}\n\nconst b = 2\nconst c = 3\n',
  )
})

test('blank lines around the new text are left out', () => {
  const expected = js.replace('return 2', 'return 3')
  expect(editSymbol(js, SIZE, 'replace', '\n  \n  size() {\n    return 3\n  }\n \t\n\n')).toBe(expected)
})

test('one-liners with a blank line between keep it', () => {
  const list = 'const a = 1\n\nconst b = 2\n'
  expect(editSymbol(list, { first: 3, last: 3 }, 'after', 'const n = 0')).toBe(`${list}\nconst n = 0\n`)
  expect(editSymbol(list, { first: 1, last: 1 }, 'before', 'const n = 0')).toBe(`const n = 0\n\n${list}`)
})

test('of a comment that the new text repeats in part, only the repeated lines are left out', () => {
  const both = '/** One. */\n// two\nfunction a() {}\n'
  const changed = (added: string) => editSymbol(both, { first: 3, last: 3 }, 'replace', added)
  expect(changed('// two\nfunction b() {}')).toBe(both.replace('a()', 'b()'))
  expect(changed('/** One. */\n// two\nfunction b() {}')).toBe(both.replace('a()', 'b()'))
  expect(changed('/** One. */\n// three\nfunction b() {}')).toBe(
    both.replace('function a()', '/** One. */\n// three\nfunction b()'),
  )
})

test('a last line at the place of the definition is no closing bracket where the text has one line', () => {
  expect(editSymbol('class A {\n  a\n}\n', { first: 2, last: 2 }, 'replace', '}')).toBe('class A {\n  }\n}\n')
})

test('CRLF and a file of one line', () => {
  expect(editSymbol('a()\r\n\r\nb()\r\n', { first: 1, last: 1 }, 'after', 'c()\nd()')).toBe(
    'a()\r\n\r\nc()\r\nd()\r\n\r\nb()\r\n',
  )
  expect(editSymbol('a', { first: 1, last: 1 }, 'replace', 'b\nc\n')).toBe('b\nc')
})

test('the first line of a script and preprocessor lines are not taken for comments', () => {
  expect(editSymbol('#!/bin/sh\nf() {\n}\n', { first: 2, last: 3 }, 'before', 'x=1')).toBe(
    '#!/bin/sh\n\nx=1\n\nf() {\n}\n',
  )
  expect(editSymbol('#include <a.h>\nint f() {\n}\n', { first: 2, last: 3 }, 'before', 'int x;')).toBe(
    '#include <a.h>\n\nint x;\n\nint f() {\n}\n',
  )
})
