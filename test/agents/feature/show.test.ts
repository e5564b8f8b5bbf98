import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Look } from '../../../agents/feature/parse-looks.ts'
import { parseReply } from '../../../agents/feature/parse-reply.ts'
import { show } from '../../../agents/feature/show.ts'
import { openWorkspace, type Workspace } from '../../../agents/feature/workspace.ts'
import { git } from '../../../src/repo/git.ts'
import { removeFolder } from '../../helpers/platform.ts'

let root: string
let workspace: Workspace
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'repose-show-'))
  await git(root, ['init', '-q'])
  workspace = openWorkspace(root)
})
afterEach(() => removeFolder(root))

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

const LONG = [
  "import { b } from './b.ts'",
  '',
  ...Array.from({ length: 100 }, (_, i) => `const x${i} = ${i}`),
  '',
  '/** Adds. */',
  'export function add(a: number) {',
  '  return a + b',
  '}',
  '',
  ...Array.from({ length: 60 }, (_, i) => `const y${i} = ${i}`),
].join('\n')

const open = (path: string, more: object = {}): Look => ({ kind: 'open', path, ...more })

test('a definition comes with the comment above it and the imports of its file, and no more', async () => {
  await put('src/a.ts', LONG)
  const { text, paths } = await show([open('src/a.ts', { symbol: 'add' })], workspace)
  expect(paths).toEqual(['src/a.ts'])
  expect(text).toContain("import { b } from './b.ts'")
  expect(text).toContain('/** Adds. */\nexport function add(a: number) {\n  return a + b\n}')
  expect(text).not.toContain('x50')
  expect(text).not.toContain('y5')
})

test('overlapping wishes are shown once; a small file is shown whole', async () => {
  await put('src/a.ts', LONG)
  await put('b.ts', 'export const b = 1\n')
  const { text } = await show(
    [
      open('src/a.ts', { lines: { first: 10, last: 20 } }),
      open('src/a.ts', { lines: { first: 15, last: 25 } }),
      open('b.ts', { symbol: 'b' }),
    ],
    workspace,
  )
  expect(text.match(/const x15 = /g)).toHaveLength(1)
  expect(text).toContain('=== b.ts\n')
})

test('what is not there is said, with what there is', async () => {
  await put('src/a.ts', LONG)
  const { text } = await show([open('src/a.ts', { symbol: 'subtract' }), open('nope.ts')], workspace)
  expect(text).toContain("src/a.ts has no part 'subtract'; it has:")
  expect(text).toContain('it has: add 105-107, ')
  expect(text).toContain('(there is no text file nope.ts)')
})

test('what is too much is cut from the end, and said', async () => {
  const many = (name: string) => Array.from({ length: 1000 }, (_, i) => `${name}${i}`).join('\n')
  await put('a.txt', many('a'))
  await put('b.txt', many('b'))
  const all = { lines: { first: 1, last: 1000 } }
  const { text, paths } = await show([open('a.txt', all), open('b.txt', all), open('c.txt', all)], workspace)
  expect(text).toContain('a999')
  expect(text).toContain('b499')
  expect(text).not.toContain('b500')
  expect(text).toContain('of b.txt, 500 of the 1000 lines')
  expect(paths).toEqual(['a.txt', 'b.txt'])
})

test('a very long line is cut, and said', async () => {
  await put('icons.ts', `export const icons = {\n  a: '${'x'.repeat(5000)}',\n}\n`)
  const { text } = await show([open('icons.ts')], workspace)
  expect(text).toContain('[cut]')
  expect(text.length).toBeLessThan(1000)
})

test('nothing outside the repository is shown, and nothing of .git', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'repose-outside-'))
  await writeFile(join(outside, 'secret.txt'), 'treasure')
  await symlink(outside, join(root, 'link'), 'junction')
  const { text, paths } = await show(
    [open('../secret.txt'), open('/etc/passwd'), open('link/secret.txt'), open('.git/config')],
    workspace,
  )
  expect(paths).toEqual([])
  expect(text).not.toContain('treasure')
  expect(text).not.toContain('root:')
  expect(text).not.toContain('[core]')
  removeFolder(outside)
})

test('a search is grouped by file; a pattern that is no expression is taken as words', async () => {
  await put('src/a.ts', 'call(\nfoo\ncall(1)\n')
  const { text, paths } = await show(
    [
      { kind: 'search', pattern: 'call(' },
      { kind: 'search', pattern: 'fo+', places: [{ path: 'src' }] },
      { kind: 'search', pattern: 'nowhere' },
    ],
    workspace,
  )
  expect(text).toContain('=== search call(\nsrc/a.ts\n1:call(\n2-foo\n3:call(1)')
  expect(text).toContain('=== search fo+ in src\n(1 match is in what is shown above)')
  expect(text).toContain('(no match)')
  expect(paths).toEqual(['src/a.ts'])
})

test('the more matches, the fewer lines around them', async () => {
  await put(
    'src/a.ts',
    Array.from({ length: 200 }, (_, i) => (i % 10 === 5 ? `const name${i} = 1` : `row ${i}`)).join('\n'),
  )
  const many = await show([{ kind: 'search', pattern: 'name' }], workspace)
  expect(many.text).toContain('src/a.ts\n5-row 4\n6:const name5 = 1\n7-row 6\n--\n15-row 14')
  const all = await show([{ kind: 'search', pattern: 'name|row' }], workspace)
  expect(all.text).toContain('src/a.ts\n1:row 0\n2:row 1\n3:row 2\n(197 more lines match: src/a.ts 197)')
  expect(all.paths).toEqual(['src/a.ts'])
})

test('what is shown above is not found again; a long line is shown around the match; a folder that is not there is said', async () => {
  await put('src/a.ts', 'export const rate = 0.2\n')
  await put('long.txt', `${'x'.repeat(2000)} needle ${'y'.repeat(2000)}\n`)
  const { text } = await show(
    [
      open('src/a.ts'),
      { kind: 'search', pattern: 'rate', places: [{ path: 'src' }] },
      { kind: 'search', pattern: 'needle' },
      { kind: 'search', pattern: 'rate', places: [{ path: 'lib' }] },
    ],
    workspace,
  )
  expect(text.match(/rate = 0\.2/g)).toHaveLength(1)
  expect(text).toContain('(1 match is in what is shown above)')
  expect(text).toMatch(/\[cut\] x+ needle y+ \[cut\]/)
  expect(text).toContain('=== search rate in lib\n(there is no lib)')
})

test('a match says which definition holds it, once', async () => {
  await put('src/cart.ts', 'class Cart {\n  total() {\n    vat()\n    vat()\n  }\n}\nvat()\n')
  const { text } = await show([{ kind: 'search', pattern: 'vat' }], workspace)
  expect(text.match(/#\S+/g)).toEqual(['#Cart.total'])
  expect(text).toContain('#Cart.total\n1-class Cart')
  const noted = await show([{ kind: 'search', pattern: 'vat' }], workspace, {
    noteOf: (path, name) => `${path} ${name} adds up`,
  })
  expect(noted.text).toContain('#Cart.total: src/cart.ts Cart.total adds up\n')
  const within = parseReply('search vat in src/cart.ts#Cart.total').looks
  expect((await show(within, workspace)).text).not.toContain('7:vat()')
})

test('a name with hyphens is found as manual pages write it, and as it is where the search is no expression', async () => {
  await put('bat.1', 'With \\-\\-squeeze\\-blank lines\n')
  await put('a.txt', 'squeeze-blank(\n')
  const { text } = await show(
    [
      { kind: 'search', pattern: 'squeeze-blank', places: [{ path: 'bat.1' }] },
      { kind: 'search', pattern: 'squeeze-blank(' },
    ],
    workspace,
  )
  expect(text).toContain('1:With \\-\\-squeeze\\-blank lines')
  expect(text).toContain('1:squeeze-blank(')
})

test('a test is opened by its title as the list shows it, in quotes and cut', async () => {
  const body = "test('adds one and one to two, always', () => {\n  expect(1 + 1).toBe(2)\n})\n"
  await put('a.test.ts', `${'// before\n'.repeat(80)}${body}${'// after\n'.repeat(80)}`)
  const { text } = await show([open('a.test.ts', { symbol: "'adds one and one to…'" })], workspace)
  expect(text).toContain(body.trim())
  expect(text).not.toContain('has no part')
})

test('of a long stretch what tells most is shown, when it is known what the request is about', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => `const x${i} = ${i}`).join('\n')
  await put('long.ts', rows.replace('const x60 = 60', 'const discount = 60'))
  const all = open('long.ts', { lines: { first: 1, last: 300 } })
  const { text, paths } = await show([all], workspace, { words: new Map([['discount', 5]]) })
  expect(text).toContain('const x59 = 59\nconst discount = 60\nconst x61 = 61')
  expect(text).toMatch(/\[\.\.\. \d+-\d+\]/)
  expect(text).not.toContain('x30')
  expect(paths).toEqual(['long.ts'])
  expect((await show([all], workspace)).text).toContain('x30')
})

test('underlined headings count too, by the order in which their lines come', async () => {
  const page = [
    'Signals',
    '=======',
    '',
    'Intro',
    '',
    'Core',
    '----',
    'about core',
    '',
    'Async',
    '-----',
    'about async',
  ]
  await put('signals.rst', [...page, ...Array.from({ length: 80 }, () => '   row')].join('\n'))
  const { text } = await show([open('signals.rst', { symbol: 'Core' })], workspace)
  expect(text).toContain('[... 1-5]\nCore\n----\nabout core\n')
  expect(text).not.toContain('about async')
})

test('a section of a page is opened by its heading, without what follows it; code is no heading', async () => {
  const page = ['# Guide', 'intro', '## Cache keys', '```sh', '# not a heading', '```', 'about keys', '## Next', 'more']
  await put('guide.md', [...page, ...Array.from({ length: 80 }, (_, i) => `row ${i}`)].join('\n'))
  for (const name of ['## Cache keys', 'cache `keys`', 'Cache…', 'cache']) {
    const { text } = await show([open('guide.md', { symbol: name })], workspace)
    expect(text).toContain(
      '=== guide.md\n[... 1-2]\n## Cache keys\n```sh\n# not a heading\n```\nabout keys\n[... 8-89]',
    )
    expect(text).not.toContain('more')
  }
})

test('a file that is larger than the limit is not shown; a search names the lines that match', async () => {
  await put('src/long.ts', LONG)
  await put('src/a.ts', 'export function add() {}\n')
  const small = openWorkspace(root, undefined, { maxFileBytes: 1000 })
  const shown = await show([open('src/long.ts'), open('src/a.ts'), { kind: 'search', pattern: 'add' }], small)
  expect(shown.paths).toEqual(['src/a.ts'])
  expect(shown.text).toContain(`(src/long.ts has ${LONG.length} bytes: a file of more than 1000 is not shown)`)
  expect(shown.text).toContain('src/long.ts\n(a line matches; the file is too large to be shown, or gone)')
  expect(shown.text).not.toContain('return a + b')
})

test('ignored paths are found although git refuses another one of the paths', async () => {
  await put('.gitignore', '.env\n')
  await put('src/a.ts', '')
  await symlink('src', join(root, 'link'), 'junction')
  expect(await workspace.ignored(['link/a.ts', '.env', 'b.ts'])).toEqual(['.env'])
})
