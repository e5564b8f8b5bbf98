import { expect, test } from 'vitest'
import { applyEdits } from '../../src/edit/apply-edits.ts'
import type { Edit } from '../../src/types.ts'
import { processorMs } from '../helpers/processor-ms.ts'
import { folderWith, messages, text } from './edit-fixture.ts'
import { pageTools } from './page-tools.ts'

type Where = Extract<Edit, { kind: 'symbol' }>['where']
const named = (path: string, symbol: string, where: Where, added = ''): Edit => ({
  kind: 'symbol',
  ...{ path, symbol, where, text: added },
})
const within = (path: string, symbol: string, find: string, replacement: string): Edit => ({
  kind: 'replace',
  ...{ path, within: symbol, find, replacement },
})

async function apply(files: Record<string, string>, ...edits: readonly Edit[]): Promise<(path: string) => string> {
  const root = folderWith(files)
  expect(await applyEdits(root, edits, pageTools(root))).toMatchObject({ ok: true })
  return (path) => text(root, path)
}

const TITLE =
  'a cart with three books, of which one is a gift, adds up to what the two others cost, with the tax of each'
const TESTS = `test('${TITLE}', () => {\n  a()\n})\n\ntest('a cart without books is empty', () => {\n  b()\n})\n`

test.each([
  TITLE,
  `'${TITLE}'`,
  'a cart with three books, of which one is…',
  "'a cart with three…'",
  'a cart with three',
])('a test is named by its title, or by a beginning as a list shows it: %s', async (name) => {
  const read = await apply({ 'a.test.ts': TESTS }, within('a.test.ts', name, '()\n', '(1)\n'))
  expect(read('a.test.ts')).toContain('  a(1)\n')
})

test('a beginning of several names is refused with those names; a short word is no beginning', async () => {
  const root = folderWith({ 'a.test.ts': TESTS, 'b.ts': 'export function addBook() {\n  return 1\n}\n' })
  const tools = pageTools(root)
  expect(await messages(root, [named('a.test.ts', 'a cart…', 'after', 'x()')], tools)).toEqual([
    expect.stringMatching(
      /'a cart…' may mean 2 definitions in a\.test\.ts: a cart with three .* \(line 1\), a cart without books is empty \(line 5\): write more of its name/,
    ),
  ])
  expect(await messages(root, [named('b.ts', 'add', 'after', 'x()')], tools)).toEqual([
    expect.stringContaining("symbol 'add' is not in b.ts; it has: addBook"),
  ])
})

test('the last part of a name is enough where there is one of it', async () => {
  const files = { 'a.ts': 'class Cart {\n  total() {\n    return 1\n  }\n}\n' }
  const read = await apply(files, within('a.ts', 'total()', 'return 1', 'return 2'))
  expect(read('a.ts')).toContain('return 2')
})

test('a name means what was shown, also when an edit before brings another one of that name', async () => {
  const files = { 'a.ts': 'function rate() {\n  return 1\n}\n\nfunction vat() {\n  return rate()\n}\n' }
  const other = 'function rate(of: number) {\n  return of\n}'
  for (const [anchor, where] of [
    ['rate', 'before'],
    ['rate', 'after'],
    ['vat', 'after'],
  ] as const) {
    const read = await apply(
      files,
      named('a.ts', anchor, where, other),
      within('a.ts', 'rate', 'return', 'return 0 +'),
      named('a.ts', 'rate', 'after', '// seen'),
    )
    expect(read('a.ts')).toContain('function rate() {\n  return 0 + 1\n}\n\n// seen')
    expect(read('a.ts')).toContain('  return of\n')
  }
})

test('a definition is deleted that was shown, not the one that came in its place', async () => {
  const files = { 'a.ts': 'function rate() {\n  return 1\n}\n\nfunction vat() {\n  return rate()\n}\n' }
  const read = await apply(
    files,
    named('a.ts', 'vat', 'before', 'function rate(of: number) {\n  return of\n}'),
    named('a.ts', 'rate', 'delete'),
  )
  expect(read('a.ts')).toBe('function rate(of: number) {\n  return of\n}\n\nfunction vat() {\n  return rate()\n}\n')
})

test('what an edit brings may be named by the next; a name that several bore is refused with the lines that were shown', async () => {
  const read = await apply(
    { 'a.ts': 'class Cart {\n  rate() {\n    return 1\n  }\n}\n' },
    named('a.ts', 'Cart', 'after', 'function rate() {\n  return 2\n}'),
    within('a.ts', 'rate', 'return', 'return 0 +'),
  )
  expect(read('a.ts')).toContain('  return 0 + 2\n')
  const page = '# Changes\n\n## 2.0\n\n### Added\n\n- two\n\n## 1.0\n\n### Added\n\n- one\n'
  const root = folderWith({ 'CHANGELOG.md': page })
  expect(
    await messages(
      root,
      [
        named('CHANGELOG.md', '## 2.0', 'before', '## 3.0\n\n### Added\n\n- three'),
        named('CHANGELOG.md', '### Added', 'after', '- x'),
      ],
      pageTools(root),
    ),
  ).toEqual([expect.stringContaining("'### Added' is in CHANGELOG.md 2 times (lines 5, 11)")])
})

test('a heading is meant at its depth, with one mark more where one has parted it from the path', async () => {
  const page = '# Guide\n\n## Keys\n\nlong\n\n### Keys\n\nshort\n\n##### Deep ##\n\nx\n'
  const after = async (name: string) => (await apply({ 'a.md': page }, named('a.md', name, 'after', 'NEW')))('a.md')
  expect(await after('### Keys')).toContain('x\n\nNEW\n')
  expect(await after('## Keys')).toMatch(/x\n\nNEW\n$/)
  expect(await after('Deep')).toMatch(/x\n\nNEW\n$/)
  expect((await apply({ 'a.md': '# Guide\n\n### Keys\n\nshort\n' }, named('a.md', '## Keys', 'delete')))('a.md')).toBe(
    '# Guide\n',
  )
  const read = await apply({ 'a.md': page }, named('a.md', '### Keys', 'replace', '### Keys\n\n#### New\n\ny'))
  expect(read('a.md')).toBe('# Guide\n\n## Keys\n\nlong\n\n### Keys\n\n#### New\n\ny\n')
})

test('a heading of a great many blanks takes no more than a moment', async () => {
  const root = folderWith({ 'a.md': `# Guide\n\n## a${' '.repeat(200_000)}b\n\nx\n` })
  const ms = await processorMs(async () =>
    expect(await messages(root, [named('a.md', '## Keys', 'delete')], pageTools(root))).toHaveLength(1),
  )
  expect(ms).toBeLessThan(2000)
})
