import { expect, test } from 'vitest'
import { passagesOf } from '../../../agents/feature/read-passages.ts'
import type { CodeSymbol } from '../../../src/types.ts'

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

test('comments in fenced code are no headings, also after a fence within a longer one, and in one that is not closed', () => {
  const lines = [
    '# A',
    '````md',
    '```just',
    '# no',
    '````',
    '```just',
    '# nor',
    '```',
    '```no``` fence',
    '# B',
    '~~~',
    '# nor this',
  ]
  expect(shown('a.md', lines)).toEqual(['1-9 section # A', '10-12 section # B'])
})

test('a second definition of one name is called by it, as people do', () => {
  const at = (qualified: string, first: number) => ({
    ...{ qualified, name: 'total', kind: 'method' as const, lines: { first, last: first }, signature: '', doc: null },
  })
  const passages = passagesOf('a.py', ['a', 'b'], [at('Cart.total', 1), at('Cart.total~2', 2)] as CodeSymbol[])
  expect(passages.map(({ name }) => name)).toEqual(['Cart.total', 'Cart.total'])
})
