import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyEdits, type EditTools } from '../../src/edit/apply-edits.ts'
import type { Edit } from '../../src/types.ts'
import { isWindows, modeHere } from '../helpers/platform.ts'
import { folderWith, messages, snapshot, text, tools } from './edit-fixture.ts'

const rename = (path: string, to: string): Edit => ({ kind: 'rename', path, to })
const replace = (path: string, find: string, replacement: string): Edit => ({
  kind: 'replace',
  path,
  find,
  replacement,
})
const bits = (root: string, path: string) => statSync(join(root, path)).mode & 0o777

test('content, mode and byte order mark go along, into new folders, and replaces follow in the new path', async () => {
  const root = folderWith({ 'run.sh': '\uFEFFone\r\ntwo\r\n', 'b.sh': 'see run.sh\n' })
  chmodSync(join(root, 'run.sh'), 0o755)
  const edits = [
    rename('run.sh', 'bin/deep/go.sh'),
    replace('bin/deep/go.sh', 'two', 'TWO'),
    replace('b.sh', 'run', 'go'),
  ]
  expect(await applyEdits(root, edits, tools)).toEqual({
    ok: true,
    modified: ['b.sh'],
    created: ['bin/deep/go.sh'],
    deleted: ['run.sh'],
  })
  expect(text(root, 'bin/deep/go.sh')).toBe('\uFEFFone\r\nTWO\r\n')
  expect(bits(root, 'bin/deep/go.sh')).toBe(modeHere(0o755))
  expect(existsSync(join(root, 'run.sh'))).toBe(false)
})

test('a file that is not text is renamed byte for byte, and edits made before go along', async () => {
  const bytes = Buffer.from([0, 255, 1, 233])
  const root = folderWith({ 'a.png': bytes, 'a.ts': 'one\n' })
  const edits = [rename('a.png', 'b.png'), replace('a.ts', 'one', 'two'), rename('a.ts', 'b.ts')]
  expect((await applyEdits(root, edits, tools)).ok).toBe(true)
  expect(readFileSync(join(root, 'b.png')).equals(bytes)).toBe(true)
  expect(text(root, 'b.ts')).toBe('two\n')
  expect(await messages(root, [rename('b.png', 'c.png'), replace('c.png', 'a', 'b')])).toEqual([
    '1 c.png: c.png is not UTF-8 text',
  ])
})

test('two files change places by way of a third path, each with its mode; there and back changes nothing', async () => {
  const root = folderWith({ a: 'A\n', b: 'B\n' })
  chmodSync(join(root, 'a'), 0o755)
  const swap = [rename('a', 't'), rename('b', 'a'), rename('t', 'b')]
  expect(await applyEdits(root, swap, tools)).toEqual({ ok: true, modified: ['a', 'b'], created: [], deleted: [] })
  expect([text(root, 'a'), text(root, 'b'), bits(root, 'b')]).toEqual(['B\n', 'A\n', modeHere(0o755)])
  if (!isWindows) expect(bits(root, 'a')).not.toBe(0o755)
  const before = snapshot(root)
  const back = [rename('a', 't'), rename('t', 'a')]
  expect(await applyEdits(root, back, tools)).toEqual({ ok: true, modified: [], created: [], deleted: [] })
  expect(snapshot(root)).toEqual(before)
})

test.skipIf(isWindows)(
  'over a deleted file of the same content, the mode changes; at the old path a new file may come',
  async () => {
    const root = folderWith({ a: 'x\n', b: 'x\n' })
    chmodSync(join(root, 'a'), 0o755)
    const edits: Edit[] = [
      { kind: 'delete', path: 'b' },
      rename('a', 'b'),
      { kind: 'create', path: 'a', text: 'new\n' },
    ]
    expect(await applyEdits(root, edits, tools)).toEqual({ ok: true, modified: ['a', 'b'], created: [], deleted: [] })
    expect([text(root, 'a'), text(root, 'b'), bits(root, 'b')]).toEqual(['new\n', 'x\n', 0o755])
  },
)

test('old syntax errors go along, new ones are refused', async () => {
  const root = folderWith({ 'a.ts': '@@ old\none\n' })
  expect(await messages(root, [rename('a.ts', 'b.ts'), replace('b.ts', 'one', '@@ new')])).toEqual([
    '1 b.ts: the new text has a syntax error at line 2: @@ new',
  ])
  expect((await applyEdits(root, [rename('a.ts', 'b.ts'), replace('b.ts', 'one', 'two')], tools)).ok).toBe(true)
})

test('bad renames are refused and change nothing', async () => {
  const outside = folderWith()
  const root = folderWith({ 'a.ts': 'one\n', 'b.ts': 'two\n', 'dir/c.ts': 'three\n', '.git/config': '' })
  symlinkSync(outside, join(root, 'out'), 'junction')
  if (!isWindows) symlinkSync('b.ts', join(root, 'link.ts')) // Windows wants a privilege for it
  const cases: [string, string, RegExp][] = [
    ['a.ts', 'a.ts', /^0 a\.ts: a\.ts cannot be renamed to itself/],
    ['a.ts', './a.ts', /cannot be renamed to itself/],
    ['a.ts', 'b.ts', /^0 a\.ts: b\.ts exists already/],
    ['zzz.ts', 'c.ts', /^0 zzz\.ts: zzz\.ts does not exist/],
    ['dir/d.ts', 'x.ts', /dir\/d\.ts does not exist/],
    ['a.ts', '../a.ts', /^0 \.\.\/a\.ts: path leaves the repository/],
    ['../a.ts', 'c.ts', /^0 \.\.\/a\.ts: path leaves/],
    ['a.ts', '/tmp/a.ts', /absolute/],
    ['a.ts', 'out/a.ts', /leaves the repository through a symbolic link/],
    ['a.ts', '.git/hooks/post-commit', /inside '\.git'/],
    ['.git/config', 'config', /inside '\.git'/],
    ['dir', 'other', /^0 dir: dir is a folder/],
    ['a.ts', 'dir', /^0 dir: dir is a folder/],
    ['a.ts', 'b.ts/a.ts', /b\.ts is a file, not a folder/],
    ['link.ts', 'c.ts', isWindows ? /does not exist/ : /symbolic link/],
    ['a.ts', '', /^0 : the path is empty/],
  ]
  for (const [path, to, expected] of cases)
    expect((await messages(root, [rename(path, to)]))[0], `${path} -> ${to}`).toMatch(expected)
  expect(snapshot(outside)).toEqual({})
})

test('what is wrong later in the batch undoes the rename, and the old path says where the file went', async () => {
  const root = folderWith({ 'a.ts': 'one\n' })
  expect(await messages(root, [rename('a.ts', 'b.ts'), replace('a.ts', 'one', 'two')])).toEqual([
    '1 a.ts: a.ts was renamed to b.ts by an earlier edit of this batch',
  ])
  const [, second] = await messages(root, [rename('zz.ts', 'b.ts'), replace('b.ts', 'one', 'two')])
  expect(second).toMatch(/^1 b\.ts: b\.ts does not exist.* \(this may follow from the problem with edit 0\)$/)
  const create: Edit = { kind: 'create', path: 'x/y.ts', text: '' }
  expect(await messages(root, [create, rename('a.ts', 'x')])).toEqual([
    '1 a.ts: x and x/y.ts cannot both be files: one is a folder of the other',
  ])
})

test('allow is asked for both paths', async () => {
  const root = folderWith({ 'a.ts': 'one\n' })
  const only = (known: string): EditTools => ({ ...tools, allow: (path) => (path === known ? null : `not ${path}`) })
  expect(await messages(root, [rename('a.ts', 'b.ts')], only('a.ts'))).toEqual(['0 b.ts: not b.ts'])
  expect(await messages(root, [rename('a.ts', 'b.ts')], only('b.ts'))).toEqual(['0 a.ts: not a.ts'])
})

test('when writing fails midway, the old file is there again with its mode and the new one is gone', async () => {
  const root = folderWith({ 'z.sh': 'one\n', 'zz/z.ts': 'one\n' })
  chmodSync(join(root, 'z.sh'), 0o750)
  const sabotage: EditTools = {
    ...tools,
    syntaxErrors: async () => {
      rmSync(join(root, 'zz/z.ts'), { force: true })
      mkdirSync(join(root, 'zz/z.ts/full'), { recursive: true })
      return []
    },
  }
  const edits = [rename('z.sh', 'new/a.sh'), replace('zz/z.ts', 'one', 'two')]
  await expect(applyEdits(root, edits, sabotage)).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
  expect([text(root, 'z.sh'), bits(root, 'z.sh'), existsSync(join(root, 'new'))]).toEqual([
    'one\n',
    modeHere(0o750),
    false,
  ])
})
