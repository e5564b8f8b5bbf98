import { existsSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { plainTools } from '../../../agents/plain/tools.ts'
import { editPermission } from '../../../src/edit/permission.ts'
import { isWindows } from '../../helpers/platform.ts'
import { read, scratchRepo, write } from '../../repo/scratch-repo.ts'

let root: string
beforeEach(() => {
  root = scratchRepo({
    '.gitignore': 'out/\n',
    'src/a.ts': 'const a = 1\nconst b = 2\n',
    'src/deep/b.ts': 'const b = a\n',
    'app/[id]/page.ts': 'const page = 1\n',
    'long.txt': Array.from({ length: 400 }, (_, i) => `line ${i + 1}\n`).join(''),
  })
  write(root, 'out/made.js', 'const a = 1\n')
  write(root, 'new.ts', 'const fresh = 1\n')
  if (!isWindows) symlinkSync('/etc', join(root, 'link')) // Windows wants a privilege for it
})

async function use(name: string, input: Record<string, unknown>): Promise<string> {
  return (
    await plainTools(root)
      .find((tool) => tool.name === name)!
      .run(input)
  ).text
}

test('a folder is listed with what is new and without what git ignores, however it is written', async () => {
  const top = ['.gitignore', 'app/', 'long.txt', 'src/', ...(isWindows ? [] : ['link']), 'new.ts']
  for (const path of ['.', '', '/', './'])
    expect((await use('list_dir', { path })).split('\n').sort()).toEqual(top.sort())
  for (const path of ['src', './src/', '/src']) expect(await use('list_dir', { path })).toBe('a.ts\ndeep/')
  expect(await use('list_dir', { path: 'nowhere' })).toBe('error: there is no folder nowhere')
  expect(await use('list_dir', { path: 'new.ts' })).toBe('error: new.ts is a file')
})

test('a search gives path, line and text, within a folder, a file or a wildcard, and tells a bad expression', async () => {
  expect(await use('grep', { pattern: 'const (a|fresh) =' })).toBe('new.ts:1:const fresh = 1\nsrc/a.ts:1:const a = 1')
  expect(await use('grep', { pattern: 'const', path: 'src/deep' })).toBe('src/deep/b.ts:1:const b = a')
  expect(await use('grep', { pattern: 'const', path: 'app/[id]' })).toBe('app/[id]/page.ts:1:const page = 1')
  expect((await use('grep', { pattern: 'const b', path: '*.ts' })).split('\n')).toHaveLength(2)
  expect(await use('grep', { pattern: 'line' })).toMatch(/line 60\n\(340 more\)$/)
  expect(await use('grep', { pattern: 'nothing like it' })).toBe('(no match)')
  expect(await use('grep', { pattern: '(' })).toMatch(/^error: .*Unmatched/)
})

test('a file that is larger than the limit is neither read nor edited, and a search tells where it matches', async () => {
  const small = plainTools(root, { maxFileBytes: 100 })
  const run = async (name: string, input: Record<string, unknown>) =>
    (await small.find((tool) => tool.name === name)!.run(input)).text
  const { size } = statSync(join(root, 'long.txt'))
  expect(await run('read_file', { path: 'long.txt', end: 1 })).toBe(
    `error: long.txt has ${size} bytes: a file of more than 100 is not shown`,
  )
  expect(await run('grep', { pattern: 'line 40$' })).toBe('long.txt:40:(not shown: the file is too large)')
  expect(await run('replace', { path: 'long.txt', find: 'line 40\n', replacement: 'x\n' })).toBe(
    `error: long.txt has ${size} bytes: a file of more than 100 is not edited`,
  )
  expect(await run('read_file', { path: 'src/deep/b.ts' })).toBe('1\tconst b = a')
})

test('a file is read by its lines, at most 250 at once', async () => {
  expect(await use('read_file', { path: 'src/a.ts' })).toBe('1\tconst a = 1\n2\tconst b = 2')
  expect(await use('read_file', { path: 'src/a.ts', start: 2, end: 9 })).toBe('2\tconst b = 2')
  const first = (await use('read_file', { path: 'long.txt' })).split('\n')
  expect([first.length, first.at(-2), first.at(-1)]).toEqual([251, '250\tline 250', '(400 lines in all)'])
  expect(await use('read_file', { path: 'long.txt', start: 500 })).toBe('error: long.txt has 400 lines')
  expect(await use('read_file', { path: 'src/nowhere.ts' })).toBe('error: src/nowhere.ts does not exist')
})

test('text that occurs once is replaced, and a new file is made; anything else changes nothing', async () => {
  expect(await use('replace', { path: 'src/a.ts', find: 'b = 2', replacement: 'b = $& 3' })).toBe('ok')
  expect(read(root, 'src/a.ts')).toBe('const a = 1\nconst b = $& 3\n')
  expect(await use('replace', { path: 'src/a.ts', find: 'const', replacement: 'let' })).toMatch(
    /^error: .*occurs 2 times/,
  )
  expect(await use('create_file', { path: 'src/more/c.ts', text: 'c\n' })).toBe('ok')
  expect(await use('create_file', { path: 'src/a.ts', text: 'gone' })).toMatch(/^error: .*exists already/)
  expect(await use('replace', { path: 'src/a.ts' })).toBe('error: replace needs find and replacement')
  expect(read(root, 'src/a.ts')).toContain('const a = 1')
})

test.each(['../outside.txt', '/etc/hostname', ...(isWindows ? [] : ['link/hostname']), '.git/config', 'src/../../x'])(
  'nothing is read or written at %s',
  async (path) => {
    expect(await use('read_file', { path })).toMatch(/^error: /)
    expect(await use('create_file', { path, text: 'x' })).toMatch(/^error: /)
    expect(await use('grep', { pattern: '.', path })).toMatch(/^(error: |\(no match\))/)
    expect(await use('list_dir', { path })).toMatch(/^error: /)
    expect(existsSync(join(root, '..', 'outside.txt'))).toBe(false)
  },
)

test('a protected file is neither changed nor made unasked, and may be where the request names it', async () => {
  for (const path of ['.gitignore', 'src/../.gitignore', '.GITIGNORE'])
    expect(await use('replace', { path, find: 'out', replacement: 'in' })).toMatch(/^error: /)
  expect(await use('create_file', { path: '.vscode/tasks.json', text: '{}' })).toMatch(/is protected \(an editor/)
  const permission = editPermission({ request: 'Change .gitignore', allowed: [] })
  const replace = plainTools(root, { permission }).find(({ name }) => name === 'replace')!
  expect(await replace.run({ path: '.gitignore', find: 'out/', replacement: 'in/' })).toEqual({ text: 'ok' })
})
