import { expect, test } from 'vitest'
import { passagesOf } from '../../../agents/feature/read-passages.ts'

const shown = (path: string, lines: readonly string[]) =>
  passagesOf(path, lines, []).map(({ name, kind, lines: { first, last } }) => `${first}-${last} ${kind} ${name}`)

test.each([
  ['a.md', ['# A', 'one', '## B', 'two']],
  ['a.adoc', ['== A', 'one', '=== B', 'two']],
])('a document is its sections, by their headings: %s', (path, lines) => {
  expect(shown(path, lines)).toEqual([`1-4 section ${lines[0]}`, `3-4 section ${lines[2]}`])
})

test('text of another kind, and a document without headings, is its blocks', () => {
  const lines = ['cart:', '  size: 3', '', '', 'price: 2', '']
  expect(shown('settings.yml', lines)).toEqual(['1-2 section cart:', '5-5 section price: 2'])
  expect(shown('notes.md', lines)).toEqual(['1-2 section cart:', '5-5 section price: 2'])
  expect(shown('empty.yml', [''])).toEqual([])
})
