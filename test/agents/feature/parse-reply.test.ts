import { expect, test } from 'vitest'
import { parseReply } from '../../../agents/feature/parse-reply.ts'
import { readAsset } from '../../../src/assets.ts'

test('wishes to look: definitions, lines, files, searches, with list marks and remarks around them', () => {
  const { looks, problems } = parseReply(
    [
      'I need:',
      'open src/a.ts#Cart.total',
      '- open src/b.ts:10-40',
      'open `docs/c.md`',
      'open ./src/d.ts   (the registry)',
      'search FORMATS?\\b in src/cli',
      'search a in b c',
    ].join('\n'),
  )
  expect(problems).toEqual([])
  expect(looks).toEqual([
    { kind: 'open', path: 'src/a.ts', symbol: 'Cart.total' },
    { kind: 'open', path: 'src/b.ts', lines: { first: 10, last: 40 } },
    { kind: 'open', path: 'docs/c.md' },
    { kind: 'open', path: 'src/d.ts' },
    { kind: 'search', pattern: 'FORMATS?\\b', within: 'src/cli' },
    { kind: 'search', pattern: 'a in b c' },
  ])
})

test('every kind of edit, several blocks for one file, and a note', () => {
  const { edits, notes, problems } = parseReply(`@@ replace src/a.ts
<<<<<<< find
one
======= replace
uno
>>>>>>> end

<<<<<<< find
two
======= replace
>>>>>>> end
@@ replace-definition src/b.ts#f
<<<<<<< text
function f() {}
>>>>>>> end
@@ insert-after src/b.ts#f
<<<<<<< text
function g() {}
>>>>>>> end
@@ create docs/new.rst
<<<<<<< text
Title
=====

=======
>>>>>>> end
@@ delete src/old.ts
@@ note Also mind the cache.
`)
  expect(problems).toEqual([])
  expect(notes).toEqual(['Also mind the cache.'])
  expect(edits).toEqual([
    { kind: 'replace', path: 'src/a.ts', find: 'one', replacement: 'uno' },
    { kind: 'replace', path: 'src/a.ts', find: 'two', replacement: '' },
    { kind: 'symbol', path: 'src/b.ts', symbol: 'f', where: 'replace', text: 'function f() {}' },
    { kind: 'symbol', path: 'src/b.ts', symbol: 'f', where: 'after', text: 'function g() {}' },
    { kind: 'create', path: 'docs/new.rst', text: 'Title\n=====\n\n=======\n' },
    { kind: 'delete', path: 'src/old.ts' },
  ])
})

test.each([
  ['a block that is cut off', '@@ replace a.ts\n<<<<<<< find\nx\n======= replace\ny', /cut off/],
  ['a replace without a block', '@@ replace a.ts\nx becomes y', /has no "<<<<<<< find" block/],
  ['a new file without its text', '@@ create a.ts\n', /needs a block/],
  ['a definition without a name', '@@ insert-after a.ts\n<<<<<<< text\nx\n>>>>>>> end', /must name a definition/],
  ['a block that belongs to no file', '<<<<<<< find\nx\n======= replace\ny\n>>>>>>> end', /no "@@ \.\.\." line/],
])('%s is a problem, not a guess', (_, reply, message) => {
  const { edits, problems } = parseReply(reply)
  expect(edits).toEqual([])
  expect(problems.join('\n')).toMatch(message)
})

test('prose and an empty reply hold neither edits nor problems', () => {
  expect(parseReply('Sure, I would change the formatter.')).toEqual({ looks: [], edits: [], notes: [], problems: [] })
  expect(parseReply('')).toEqual({ looks: [], edits: [], notes: [], problems: [] })
})

test('the form that the prompt shows is the form that is read', () => {
  const { edits, problems, notes } = parseReply(readAsset('agents/feature/prompts/edit.md'))
  expect(problems).toEqual([])
  expect(notes).toHaveLength(1)
  expect(edits.map((edit) => edit.kind)).toEqual(['replace', 'symbol', 'symbol', 'create', 'delete'])
  expect(parseReply(readAsset('agents/feature/prompts/open.md')).looks.length).toBeGreaterThan(4)
})
