import { expect, test } from 'vitest'
import { parseReply } from '../../../agents/feature/parse-reply.ts'
import { readAsset } from '../../../src/assets.ts'
import { processorMs } from '../../helpers/processor-ms.ts'

test('wishes to look: definitions, lines, files, searches, with list marks and remarks around them', () => {
  const { looks, problems } = parseReply(
    [
      'I need:',
      'open src/a.ts#Cart.total',
      '- open src/b.ts:10-40',
      'open `docs/c.md`',
      'open ./src/d.ts   (the registry)',
      "open test/e.ts#'adds, and takes away', #'says, …'",
      'search FORMATS?\\b in src/cli',
      'search a in b c',
      'search -i `csv x` in b',
      'search -n -B2 -A 3 csv -- b c',
      'search --json in b',
    ].join('\n'),
  )
  expect(problems).toEqual([])
  expect(looks).toEqual([
    { kind: 'open', path: 'src/a.ts', symbol: 'Cart.total' },
    { kind: 'open', path: 'src/b.ts', lines: { first: 10, last: 40 } },
    { kind: 'open', path: 'docs/c.md' },
    { kind: 'open', path: 'src/d.ts' },
    { kind: 'open', path: 'test/e.ts', symbol: "'adds, and takes away'" },
    { kind: 'open', path: 'test/e.ts', symbol: "'says, …'" },
    { kind: 'search', pattern: 'FORMATS?\\b', places: [{ path: 'src/cli' }] },
    { kind: 'search', pattern: 'a', places: [{ path: 'b' }, { path: 'c' }] },
    { kind: 'search', pattern: '(?i)csv x', places: [{ path: 'b' }] },
    { kind: 'search', pattern: 'csv', places: [{ path: 'b' }, { path: 'c' }] },
    { kind: 'search', pattern: '--json', places: [{ path: 'b' }] },
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
@@ delete-definition \`src/b.ts#C.d\`
@@ rename \`src/c d.ts\` -> ./src/e.ts
@@ add-import src/b.ts
<<<<<<< text
import { a } from './a.ts'
import b from 'b'
>>>>>>> end
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
    { kind: 'symbol', path: 'src/b.ts', symbol: 'C.d', where: 'delete', text: '' },
    { kind: 'rename', path: 'src/c d.ts', to: 'src/e.ts' },
    { kind: 'import', path: 'src/b.ts', text: "import { a } from './a.ts'\nimport b from 'b'" },
  ])
})

test.each([
  ['a block that is cut off', '@@ replace a.ts\n<<<<<<< find\nx\n======= replace\ny', /cut off/],
  ['a replace without a block', '@@ replace a.ts\nx becomes y', /has no "<<<<<<< find" block/],
  ['a new file without its text', '@@ create a.ts\n', /needs a block/],
  ['a definition without a name', '@@ insert-after a.ts\n<<<<<<< text\nx\n>>>>>>> end', /must name a definition/],
  ['a definition to delete without a name', '@@ delete-definition a.ts', /must name a definition/],
  ['a rename of one path', '@@ rename a.ts', /must name two paths/],
  ['a rename of three paths', '@@ rename a.ts -> b.ts -> c.ts', /must name two paths/],
  ['an import without a block', '@@ add-import a.ts\nimport x', /needs a block/],
  ['a replace in several files without a block', '@@ replace a.ts, b.ts', /"@@ replace a\.ts, b\.ts" has no/],
  ['a block that belongs to no file', '<<<<<<< find\nx\n======= replace\ny\n>>>>>>> end', /no "@@ \.\.\." line/],
])('%s is a problem, not a guess', (_, reply, message) => {
  const { edits, problems } = parseReply(reply)
  expect(edits).toEqual([])
  expect(problems.join('\n')).toMatch(message)
})

test('a new file of code may stand without the marks of a block, where it is plain what is meant', () => {
  const { edits, problems } = parseReply(
    '@@ create src/a.ts\nimport b from "b"\n\nopen(b)\n\n@@ create b.cpp\n```c++\nint b;\n```\n\n@@ create c.ts\nopened = 1\n',
  )
  expect(edits).toEqual([
    { kind: 'create', path: 'src/a.ts', text: 'import b from "b"\n\nopen(b)\n' },
    { kind: 'create', path: 'b.cpp', text: 'int b;\n' },
    { kind: 'create', path: 'c.ts', text: 'opened = 1\n' },
  ])
  expect(problems).toEqual([])
})

test.each([
  ['prose, which no parser sees through', '@@ create a.md\n# A\n\nThat is all.'],
  ['half a block', '@@ create a.ts\nx\n>>>>>>> end'],
  ['a look below it', '@@ create a.ts\nx = 1\n\nopen b.ts:1-9'],
  ['a look below it that begins as an edit does', '@@ create a.ts\nx = 1\n@@ open b.ts'],
  ['words after its fence', '@@ create a.ts\n```ts\nx = 1\n```\n\nThat is all.'],
  ['words before its block', '@@ create a.ts\nHere:\n<<<<<<< text\nx = 1\n>>>>>>> end'],
])('a new file with %s is one problem, and no guess', (_, reply) => {
  const { edits, problems, unread } = parseReply(`${reply}\n\n@@ delete old.ts`)
  expect(edits).toEqual([{ kind: 'delete', path: 'old.ts' }])
  expect(problems).toHaveLength(1)
  expect(unread).toEqual([reply])
})

test('of a reply that is read in part, the part that is not is told', () => {
  const good = '@@ replace a.ts\n<<<<<<< find\nx\n======= replace\ny\n>>>>>>> end\n'
  const bad = '@@ add-import b.ts\nimport x'
  const { edits, problems, unread } = parseReply(`${good}\n${bad}\n\n${good}`)
  expect(edits).toHaveLength(2)
  expect(problems).toHaveLength(1)
  expect(unread).toEqual([bad])
  const cut = '@@ replace c.ts\n<<<<<<< find\nx\n-------\ny\n>>>>>>> end'
  const half = parseReply(`${good}\n${cut}\n\n@@ delete b.ts\n\nopen d.ts`)
  expect(half).toMatchObject({
    edits: [{ path: 'a.ts' }, { kind: 'delete' }],
    looks: [{ path: 'd.ts' }],
    unread: [cut],
  })
})

test('commas and marks in names and paths are theirs', () => {
  const block = '<<<<<<< find\nx\n======= replace\ny\n>>>>>>> end\n'
  expect(parseReply(`@@ replace a.test.ts#'adds a, then b'\n${block}`).edits).toMatchObject([
    { path: 'a.test.ts', within: "'adds a, then b" },
  ])
  expect(parseReply(`@@ replace v1.2/c#.md, my docs/b.md\n${block}`).edits).toMatchObject([
    { path: 'v1.2/c#.md' },
    { path: 'my docs/b.md' },
  ])
})

test('a path in double quotes is read as JSON, and its marks are its own', () => {
  const odd = 'src/new\nline, in -> a (b)#`c`.ts'
  const quoted = JSON.stringify(odd)
  const listed = ['a.ts']
  const { looks } = parseReply(
    [
      `open ${quoted}`,
      `- open ${quoted}#f(x, y), "b.ts":3-4, 1   (both)`,
      `open src/${JSON.stringify(odd.slice(4))}:7`,
      'open `"1"`',
      `search "x" in ${quoted}`,
      `search in in ${quoted}#Cart.total`,
      'search for x in "y"z',
      'open "back\\slash.ts"',
      'open back\\slash.ts, tick`s.ts, say "hi".ts, "q".ts',
    ].join('\n'),
    listed,
  )
  expect(looks).toEqual([
    { kind: 'open', path: odd },
    { kind: 'open', path: odd, symbol: 'f(x, y)' },
    { kind: 'open', path: 'b.ts', lines: { first: 3, last: 4 } },
    { kind: 'open', path: 'a.ts' },
    { kind: 'open', path: odd, lines: { first: 7, last: 7 } },
    { kind: 'open', path: '1' },
    { kind: 'search', pattern: '"x"', places: [{ path: odd }] },
    { kind: 'search', pattern: 'in', places: [{ path: odd, symbol: 'Cart.total' }] },
    { kind: 'search', pattern: 'for x', places: [{ path: '"y"z' }] },
    ...['back\\slash.ts', 'back\\slash.ts', 'tick`s.ts', 'say "hi".ts', '"q".ts'].map((path) => ({
      kind: 'open',
      path,
    })),
  ])
  const block = '<<<<<<< find\nx\n======= replace\ny\n>>>>>>> end\n'
  const { edits, problems } = parseReply(
    `@@ replace ${quoted}, "b.ts"\n${block}@@ replace ${quoted}#says "a", "b"\n${block}@@ delete-definition "./src/a.ts#f"\n@@ rename ${quoted} -> "x -> y.ts"\n@@ delete "b.ts" -> c\n@@ add-import ${quoted}\nx`,
  )
  expect(edits).toMatchObject([
    { path: odd },
    { path: 'b.ts' },
    { path: odd, within: 'says "a", "b' },
    { path: 'src/a.ts', symbol: 'f' },
    { path: odd, to: 'x -> y.ts' },
    { kind: 'delete', path: 'b.ts -> c' },
  ])
  expect(problems).toEqual([`"@@ add-import ${quoted}" needs a block from "<<<<<<< text" to ">>>>>>> end" below it`])
})

test('one replace for several files: all blocks, file by file', () => {
  const blocks = ['x', 'y'].map((find) => `<<<<<<< find\n${find}\n======= replace\nz\n>>>>>>> end`).join('\n')
  const { edits, problems } = parseReply(`@@ replace a.ts, \`b c.ts\`, ./d,e.ts, a.ts\n${blocks}`)
  expect(problems).toEqual([])
  expect(edits).toEqual(
    ['a.ts', 'b c.ts', 'd,e.ts'].flatMap((path) =>
      ['x', 'y'].map((find) => ({ kind: 'replace', path, find, replacement: 'z' })),
    ),
  )
})

test('a number names a path of the list, in looks only; one beyond the list is left', () => {
  const listed = ['a.ts', 'b.ts', 'src/c.ts']
  const reply = [
    'open 3#Name',
    'open 3:10-40',
    'open 2',
    'search x in 1',
    'search 3 in 12',
    'open 4#F',
    'open 0',
    'open a.ts:3',
  ]
  expect(parseReply(reply.join('\n'), listed).looks).toEqual([
    { kind: 'open', path: 'src/c.ts', symbol: 'Name' },
    { kind: 'open', path: 'src/c.ts', lines: { first: 10, last: 40 } },
    { kind: 'open', path: 'b.ts' },
    { kind: 'search', pattern: 'x', places: [{ path: 'a.ts' }] },
    { kind: 'search', pattern: '3', places: [{ path: '12' }] },
    { kind: 'open', path: '4', symbol: 'F' },
    { kind: 'open', path: '0' },
    { kind: 'open', path: 'a.ts', lines: { first: 3, last: 3 } },
  ])
  expect(parseReply('open 3').looks).toEqual([{ kind: 'open', path: '3' }])
  expect(parseReply('@@ delete 3\n@@ rename 1 -> 2', listed).edits).toEqual([
    { kind: 'delete', path: '3' },
    { kind: 'rename', path: '1', to: '2' },
  ])
})

test('several looks in one line', () => {
  const listed = ['a.ts', 'b.ts', 'src/c.ts']
  const looks = (line: string) => parseReply(line, listed).looks
  const span = (path: string, first: number, last: number) => ({ kind: 'open', path, lines: { first, last } })
  expect(looks('open 3#A, 3#B, #C')).toEqual(
    ['A', 'B', 'C'].map((symbol) => ({ kind: 'open', path: 'src/c.ts', symbol })),
  )
  expect(looks('- open 3:10-40, 60-80,90-95, 2:1-3')).toEqual([
    span('src/c.ts', 10, 40),
    span('src/c.ts', 60, 80),
    span('src/c.ts', 90, 95),
    span('b.ts', 1, 3),
  ])
  expect(looks('open d.ts, 2, 60-80   (both)').map((look) => 'path' in look && look.path)).toEqual([
    'd.ts',
    'b.ts',
    '60-80',
  ])
  expect(looks('open d.ts#f(x, y), 1')).toEqual([
    { kind: 'open', path: 'd.ts', symbol: 'f(x, y)' },
    { kind: 'open', path: 'a.ts' },
  ])
})

test('a search may name several folders, a folder may be listed, and a heading keeps its marks', () => {
  const [search] = parseReply('search x in src, `bin` and 1', ['a.ts']).looks
  expect(search).toEqual({ kind: 'search', pattern: 'x', places: [{ path: 'src' }, { path: 'bin' }, { path: 'a.ts' }] })
  const [page] = parseReply('search x in docs/a.md#### Cache keys').looks
  expect(page).toEqual({ kind: 'search', pattern: 'x', places: [{ path: 'docs/a.md', symbol: '### Cache keys' }] })
  const folder = { kind: 'open', path: 'src/x/' }
  expect(parseReply('list src/x/\nopen src/x/\nls src/x/\nlist the files').looks).toEqual([folder, folder, folder])
  expect(parseReply('open docs/a.md#### Keys, ### Other, #Third').looks).toEqual([
    { kind: 'open', path: 'docs/a.md', symbol: '### Keys' },
    { kind: 'open', path: 'docs/a.md', symbol: '### Other' },
    { kind: 'open', path: 'docs/a.md', symbol: 'Third' },
  ])
  const text = '### Keys\n\n#### Deep\n\n### open'
  const { edits, looks, problems } = parseReply(
    `@@ insert-after docs/a.md#### Keys\n<<<<<<< text\n${text}\n>>>>>>> end\n@@ replace docs/a.md### Keys\n<<<<<<< find\n### Keys\n\nText\n====\n\n=======\n======= replace\n### Names\n>>>>>>> end\n`,
  )
  expect({ looks, problems }).toEqual({ looks: [], problems: [] })
  expect(edits).toEqual([
    { kind: 'symbol', path: 'docs/a.md', symbol: '### Keys', where: 'after', text },
    {
      kind: 'replace',
      ...{ path: 'docs/a.md', within: '## Keys', find: '### Keys\n\nText\n====\n\n=======', replacement: '### Names' },
    },
  ])
})

test('a reply that nothing is to be changed, with the reason', () => {
  expect(parseReply('@@ nothing-to-change src/a.ts does it\n@@ note since v2')).toMatchObject({
    ...{ nothingToChange: 'src/a.ts does it', notes: ['since v2'], edits: [], problems: [] },
  })
})

test('what is missing for the whole request', () => {
  expect(parseReply('@@ not-enough  the schema of orders ').notEnough).toBe('the schema of orders')
  expect(parseReply('@@ not-enough a\n@@ not-enough b').notEnough).toBe('a\nb')
  expect(parseReply('@@ not-enough').notEnough).toBeNull()
})

test('prose and an empty reply hold neither edits nor problems', () => {
  const nothing = { looks: [], edits: [], notes: [], notEnough: null, nothingToChange: null, problems: [], unread: [] }
  expect(parseReply('Sure, I would change the formatter.')).toEqual(nothing)
  expect(parseReply('')).toEqual(nothing)
})

test('the form that the prompt shows is the form that is read', () => {
  const prompt = readAsset('agents/feature/prompts/edit.md')
  const { edits, problems, notes } = parseReply(prompt)
  expect(problems).toEqual([])
  expect(notes).toHaveLength(1)
  expect(edits.map((edit) => edit.kind)).toEqual(['replace', 'symbol', 'delete', 'symbol', 'rename'])
  for (const form of ['insert-before a.ts#f', 'replace-definition a.ts#f', 'add-import a.ts', 'create a.ts']) {
    expect(prompt).toContain(form.replace('a.ts', 'path').replace('#f', '#Name'))
    expect(parseReply(`@@ ${form}\n<<<<<<< text\nnew\n>>>>>>> end`)).toMatchObject({ edits: [{}], problems: [] })
  }
  expect(parseReply(readAsset('agents/feature/prompts/open.md')).looks.length).toBeGreaterThan(4)
})

const megabytes = (text: string) => text.repeat(2_000_000 / text.length)
const long = (text: string, end: string) => megabytes(`open ${text.repeat(7000 / text.length)}${end}\n`)

test.each([
  ['replacements that nothing divides', megabytes('@@ replace a.ts\n<<<<<<< find\n')],
  ['replacements that nothing ends', megabytes('@@ replace a.ts\n<<<<<<< find\n=======\n')],
  ['new files that nothing ends', megabytes('@@ create a.md\n<<<<<<< text\n')],
  ['places after many blanks', long(' ', 'x')],
  ['places between commas', long(', ', 'x)')],
  ['blanks between places', long('a,', `${' '.repeat(900)}x)`)],
  ['a new file of one line', `@@ create a.ts\nopen ${megabytes('a, ')}`],
])('a reply of %s takes no seconds', async (_, reply) => {
  expect(await processorMs(() => parseReply(reply))).toBeLessThan(3000)
})

test('blocks end at their own marks, and headings within them are text', () => {
  const { edits } = parseReply(
    '@@ replace a.md\n<<<<<<< find\nA\n=======\nB\n======= replace\nC\n>>>>>>> end\n@@ replace a.md\n<<<<<<< find\nA\n=======\nC\n>>>>>>> end',
  )
  expect(edits).toMatchObject([
    { find: 'A\n=======\nB', replacement: 'C' },
    { find: 'A', replacement: 'C' },
  ])
})

test('a reply of very many looks, or blocks for very many paths, is read only in part', () => {
  const places = Array.from({ length: 300 }, (_, i) => `src/a${i}.ts`)
  expect(parseReply(`open ${places.join(', ')}\n`.repeat(9)).looks.length).toBe(200)
  const block = '<<<<<<< find\na\n======= replace\nb\n>>>>>>> end\n'
  const { edits, problems } = parseReply(`@@ replace ${places.join(', ')}\n${block.repeat(40)}`)
  expect(edits).toEqual([])
  expect(problems).toEqual(['"@@ replace" has 40 blocks for 300 paths: too much, send fewer at once'])
})
