import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Look } from '../../../agents/feature/parse-reply.ts'
import { show } from '../../../agents/feature/show.ts'
import { openWorkspace, type Workspace } from '../../../agents/feature/workspace.ts'
import { git } from '../../../src/repo/git.ts'

let root: string
let workspace: Workspace
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'repose-show-'))
  await git(root, ['init', '-q'])
  workspace = openWorkspace(root)
})
afterEach(() => rm(root, { recursive: true, force: true }))

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
  expect(text).toContain('=== b.ts (whole file)')
})

test('what is not there is said, with what there is', async () => {
  await put('src/a.ts', LONG)
  const { text } = await show([open('src/a.ts', { symbol: 'subtract' }), open('nope.ts')], workspace)
  expect(text).toContain("src/a.ts has no definition 'subtract'; it has:")
  expect(text).toContain('src/a.ts#add')
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
  expect(text).toContain('[cut: the line goes on]')
  expect(text.length).toBeLessThan(1000)
})

test('nothing outside the repository is shown, and nothing of .git', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'repose-outside-'))
  await writeFile(join(outside, 'secret.txt'), 'treasure')
  await symlink(outside, join(root, 'link'))
  const { text, paths } = await show(
    [open('../secret.txt'), open('/etc/passwd'), open('link/secret.txt'), open('.git/config')],
    workspace,
  )
  expect(paths).toEqual([])
  expect(text).not.toContain('treasure')
  expect(text).not.toContain('root:')
  expect(text).not.toContain('[core]')
  await rm(outside, { recursive: true })
})

test('a search is grouped by file; a pattern that is no expression is taken as words', async () => {
  await put('src/a.ts', 'call(\nfoo\ncall(1)\n')
  const { text, paths } = await show(
    [
      { kind: 'search', pattern: 'call(' },
      { kind: 'search', pattern: 'fo+', within: 'src' },
      { kind: 'search', pattern: 'nowhere' },
    ],
    workspace,
  )
  expect(text).toContain('=== search call(\nsrc/a.ts\n1:call(\n2-foo\n3:call(1)')
  expect(text).toContain('=== search fo+ in src\nsrc/a.ts\n1-call(\n2:foo\n3-call(1)')
  expect(text).toContain('(no match)')
  expect(paths).toEqual(['src/a.ts'])
})

test('many matches are listed by file, without the lines around, and count as a list, not as a look', async () => {
  await put('src/a.ts', Array.from({ length: 12 }, (_, i) => `const name${i} = 1`).join('\n'))
  const { text, paths } = await show([{ kind: 'search', pattern: 'name' }], workspace)
  expect(text).toContain('src/a.ts\n  1: const name0 = 1\n  2: const name1 = 1')
  expect(paths).toEqual([])
})
