import { expect, test } from 'vitest'
import { findUses } from '../../../src/retrieve/questions/find-uses.ts'
import type { Passage } from '../../../src/retrieve/questions/passage.ts'

const LINES = [
  "import { round } from './round'",
  'export {',
  '  round,',
  '}',
  'const half = round(0.5)',
  'class Cart {',
  '  // round it',
  '  total() {',
  '    return round(this.sum) + rounded + round_up + $round',
  '  }',
  '}',
  'function round(value) {',
  '  return value < 0 ? -round(-value) : value',
  '}',
]
const passage = (name: string, first: number, last: number, kind: Passage['kind'] = 'function'): Passage => ({
  ...{ path: 'a.js', name, kind, lines: { first, last }, signature: '', doc: '' },
})

test('a use is shown with its line and the innermost definition; imports, lists of exports, comments, other names and the definition itself are no uses', () => {
  const total = passage('Cart.total', 8, 10)
  const passages = [passage('Cart', 6, 11, 'class'), total, passage('round', 12, 14)]
  expect(findUses('round', [{ path: 'a.js', lines: LINES, passages, summary: '' }])).toEqual([
    { path: 'a.js', line: 5, text: 'const half = round(0.5)', by: null },
    { path: 'a.js', line: 9, text: 'return round(this.sum) + rounded + round_up + $round', by: total },
  ])
})

test('a name that ends in a sign is found to the letter', () => {
  const file = { path: 'a.rb', lines: ['x.valid?', 'x.valid'], passages: [], summary: '' }
  expect(findUses('valid?', [file]).map(({ line }) => line)).toEqual([1])
})

test('with an owner, uses that name the owner come first, and a method of the same name elsewhere can be a user', () => {
  const lines = [
    'class Text {',
    '  limit(n) {',
    '    return Str.limit(n)',
    '  }',
    '}',
    'query.limit(Str.max)',
    'Str.limit(9)',
  ]
  const limit = passage('Text.limit', 2, 4)
  const file = { path: 'a.js', lines, passages: [passage('Text', 1, 5, 'class'), limit], summary: '' }
  expect(findUses('limit', [file], 'Str').map(({ line }) => line)).toEqual([3, 7, 6])
  expect(findUses('limit', [file]).map(({ line }) => line)).toEqual([6, 7])
})
