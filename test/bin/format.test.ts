import { expect, test } from 'vitest'
import { wrap } from '../../bin/format.ts'

test('prose is broken between words, with its indent; rows of a table and long words stay whole', () => {
  const text = [
    'one two three four',
    '',
    '  one two three',
    'a row  of a table  here',
    'averylongword is',
    'exactly ten',
  ].join('\n')
  expect(wrap(text, 10).split('\n')).toEqual([
    'one two',
    'three four',
    '',
    '  one two',
    '  three',
    'a row  of a table  here',
    'averylongword',
    'is',
    'exactly',
    'ten',
  ])
  expect(wrap('0123456789', 10)).toBe('0123456789')
})
