import { expect, test } from 'vitest'
import { findCut } from '../../src/edit/find-cut.ts'

const TEXT = 'first\nbefore SHOWN after\nlast\n'

/** The text after the replacement of the first place; null: there is none. */
function replaced(find: string, replacement: string, text = TEXT): string | null {
  const found = findCut(text, find, replacement)
  if ('problem' in found) return `problem: ${found.problem}`
  const [place] = found.places
  return place ? text.slice(0, place.start) + place.replacement + text.slice(place.end) : null
}

test.each<[string, string, string]>([
  ['before SHOWN [cut]', 'now SHOWN [cut]', 'now SHOWN after'],
  ['[cut] SHOWN after', '[cut] HIDDEN now', 'before HIDDEN now'],
  ['[cut] SHOWN [cut]', '[cut] HIDDEN [cut]', 'before HIDDEN after'],
])('%j becomes %j, and what was not shown stays', (find, replacement, line) => {
  expect(replaced(find, replacement)).toBe(`first\n${line}\nlast\n`)
})

test('lines around the cut one must match whole, except for white space at their ends', () => {
  expect(replaced('first  \nbefore SHOWN [cut]\nlast', 'one\nbefore SHOWN [cut]\ntwo')).toBe(
    'one\nbefore SHOWN after\ntwo\n',
  )
  expect(replaced('other\nbefore SHOWN [cut]', 'x\nbefore SHOWN [cut]')).toBeNull()
})

test('nothing is found without a mark, or if the line has no more text at the side of the mark', () => {
  expect(replaced('before SHOWN after', 'x')).toBeNull()
  expect(replaced('before SHOWN after [cut]', 'x [cut]')).toBeNull()
  expect(replaced('SHOWN after [cut]', 'x [cut]')).toBeNull()
  expect(replaced('[cut] before SHOWN', '[cut] x')).toBeNull()
  expect(replaced('[cut] OTHER [cut]', '[cut] x [cut]')).toBeNull()
})

test('an empty replacement deletes the line; one with other marks is refused, since it would lose text', () => {
  expect(replaced('before SHOWN [cut]', '')).toBe('first\n\nlast\n')
  expect(replaced('before SHOWN [cut]', 'now SHOWN')).toMatch(/^problem: a line of find goes on/)
  expect(replaced('before SHOWN [cut]', '[cut] now')).toMatch(/^problem: /)
})

test('line ends stay those of the file', () => {
  const text = TEXT.replaceAll('\n', '\r\n')
  expect(replaced('first\nbefore SHOWN [cut]', 'one\nbefore SHOWN [cut]', text)).toBe(text.replace('first', 'one'))
})

test('every place is found', () => {
  const found = findCut('a1\na2\nb3\n', 'a [cut]', 'c [cut]')
  expect('places' in found && found.places.map(({ start, end, replacement }) => [start, end, replacement])).toEqual([
    [0, 2, 'c1'],
    [3, 5, 'c2'],
  ])
})
