import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { llmsTxt } from '../../src/exports/llms-txt.ts'
import type { RepositoryFacts } from '../../src/exports/repository-facts.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runInProcess } from '../helpers/run-in-process.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterAll(() => shop.dispose())

const run = (args: readonly string[], cwd = shop.root) => runInProcess(['export', ...args], { cwd })
const text = async (args: readonly string[], cwd = shop.root) => {
  const { code, stdout, stderr } = await run(args, cwd)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}
const read = (...parts: string[]) => readFileSync(join(...parts), 'utf8')
/** Texts of all files of a folder, by their paths in it. */
const filesOf = (folder: string) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), read(path)]),
  )

test('agents-md tells how to ask, what tests, what changes together and where things are, in 400 tokens', async () => {
  const block = await text(['agents-md'])
  expect(countTokens(block)).toBeLessThanOrEqual(400)
  for (const part of [
    '`repose context "REQUEST"`',
    '`npm test`',
    '- new command: make `src/cli/commands/*.ts`',
    '`src/formatters/`',
  ])
    expect(block).toContain(part)
  expect(block).toMatch(/^<!-- repose:begin [0-9a-f]{16} .*-->\n[\s\S]*\n<!-- repose:end -->\n$/)
  expect(await text(['agents-md'])).toBe(block)
  expect(JSON.parse(await text(['agents-md', '--json']))).toEqual({
    format: 'agents-md',
    tokens: countTokens(block.trimEnd()),
    text: block,
  })
})

test('agents-md names a program of the project only if it is there', async () => {
  const files = { 'pyproject.toml': '[tool.pytest.ini_options]\n', 'tests/test_a.py': 'import pytest\n' }
  const root = scratchRepo(files)
  expect(await text(['agents-md'], root)).toMatch(/`python3? -m pytest -q`/)
  if (process.platform === 'win32') return
  mkdirSync(join(root, '.venv/bin'), { recursive: true })
  for (const name of ['python', 'pytest']) writeFileSync(join(root, '.venv/bin', name), '', { mode: 0o755 })
  expect(await text(['agents-md'], root)).toContain('`.venv/bin/python -m pytest -q`')
})

test('agents-md and llms-txt say only commands that the project names', async () => {
  const root = scratchRepo({ 'go.mod': 'module a\n', 'a.go': 'package a\n', 'a_test.go': 'package a\n' })
  for (const format of ['agents-md', 'llms-txt'])
    expect(await text([format], root)).toMatch(/^Build and test: `go test \.\/\.\.\.`$/m)
})

test('agents-md --write keeps what stands around its fence, and its line ends', async () => {
  const file = join(shop.root, 'NOTES.md')
  onTestFinished(() => rmSync(file, { force: true }))
  writeFileSync(file, '# Notes\r\n\r\nMine.\r\n')
  expect(await text(['agents-md', '--write', 'NOTES.md'])).toBe('wrote NOTES.md\n')
  const first = read(file)
  expect(first).toMatch(/^# Notes\r\n\r\nMine\.\r\n\r\n<!-- repose:begin /)
  expect(first.replaceAll('\r\n', '')).not.toContain('\n')
  expect(await text(['agents-md', '--write', 'NOTES.md'])).toBe('NOTES.md is as it should be\n')
  writeFileSync(
    file,
    first.replace('Mine.', 'Mine, too.').replace('<!-- repose:end -->\r\n', '<!-- repose:end -->\r\nBehind it\r\n'),
  )
  const older = read(file).replace('repose:begin', 'repose:begin')
  expect(await text(['agents-md', '--write', 'NOTES.md'])).toBe('NOTES.md is as it should be\n')
  expect(read(file)).toBe(older)
})

test('a fence that was edited by hand is only overwritten with --force', async () => {
  const file = join(shop.root, 'HAND.md')
  onTestFinished(() => rmSync(file, { force: true }))
  await text(['agents-md', '--write', 'HAND.md'])
  const written = read(file)
  writeFileSync(file, written.replace('Build and test', 'Never test'))
  expect(await run(['agents-md', '--write', 'HAND.md'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^error: the block of repose in HAND\.md was edited by hand\nfix: {3}.*--force/),
  })
  expect(read(file)).toContain('Never test')
  expect(await text(['agents-md', '--write', 'HAND.md', '--force'])).toBe('wrote HAND.md\n')
  expect(read(file)).toBe(written)
  writeFileSync(file, written.replace('<!-- repose:end -->\n', ''))
  expect(await run(['agents-md', '--write', 'HAND.md', '--force'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('broken fence'),
  })
})

test('a file outside, a link, a folder that is not there and the option of another format are refused', async () => {
  const outside = scratchFolder()
  symlinkSync(join(outside, 'x.md'), join(shop.root, 'LINK.md'))
  symlinkSync(outside, join(shop.root, 'linked'))
  onTestFinished(() => {
    for (const name of ['LINK.md', 'linked']) rmSync(join(shop.root, name))
  })
  for (const file of ['../x.md', join(outside, 'x.md'), 'linked/x.md', '.git/x.md', 'nowhere/x.md', 'LINK.md', 'src'])
    expect(await run(['agents-md', '--write', file])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: .*\nfix: /),
    })
  expect(readdirSync(outside)).toEqual([])
  for (const args of [
    ['agents-md', '--out', 'x'],
    ['markdown', '--write', 'x'],
    ['markdown'],
    ['markdown', '--out', '.'],
    ['frob'],
  ])
    expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: .*\nfix: /) })
})

test('skill is a folder by the format of agentskills.io', async () => {
  const out = scratchFolder()
  await text(['skill', '--out', out])
  const files = filesOf(join(out, 'repose'))
  expect([...files.keys()]).toEqual(['.repose-export.json', 'SKILL.md', 'references/this-repository.md'])
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(files.get('SKILL.md')!)!
  const { name, description, compatibility, ...others } = parse(head!) as Record<string, string>
  expect(name).toMatch(/^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/)
  expect(name).toBe('repose') // as its folder
  expect(description!.length).toBeLessThanOrEqual(1024)
  expect(compatibility!.length).toBeLessThanOrEqual(500)
  expect(others).toEqual({})
  expect(countTokens(body!)).toBeLessThan(5000)
  for (const [, target] of body!.matchAll(/\]\(([^)]+)\)/g)) expect(files.has(target!)).toBe(true)
  expect(files.get('references/this-repository.md')).toContain('`npm test`')
  expect(await text(['skill'])).toBe(files.get('SKILL.md'))
  expect(await text(['skill', '--out', out])).toMatch(/0 files written, 2 unchanged\n$/)
})

test('llms-txt does not take a comment in a code block for the title of a page', () => {
  const facts = {
    ...{ name: 'a', says: '', paths: ['README.md'], sources: [], checks: () => ({ checks: [], also: [] }) },
    read: () => '<h1>Ada</h1>\n\n```sh\n# yarn\nyarn add ada\n```\n',
  }
  expect(llmsTxt(facts as unknown as RepositoryFacts)).toContain('[README.md](README.md)')
})

test('llms-txt says whether a summary is of the file or of its folder', () => {
  const facts = {
    ...{ name: 'a', says: '', paths: [], sources: [{ path: 'build/a.ts' }, { path: 'lib/b.ts' }], importers: () => 0 },
    ...{ checks: () => ({ checks: [], also: [] }), read: () => null },
    folderSays: (folder: string) => (folder.startsWith('build') ? 'Scripts of the release.' : ''),
    fileSays: () => 'Reads prices.',
  }
  const page = llmsTxt(facts as unknown as RepositoryFacts)
  expect(page).toContain('- [`build/a.ts`](build/a.ts): in `build/`: Scripts of the release.\n')
  expect(page).toContain('- [`lib/b.ts`](lib/b.ts): Reads prices.\n')
})

test('llms-txt has a name, a summary, then lists of links that lead somewhere', async () => {
  const page = await text(['llms-txt'])
  expect(page).toMatch(/^# [^\n]+\n\n> [^\n]+\n\n[^#]*## Docs\n\n- \[/)
  const links = [...page.matchAll(/^- \[(?:`[^`]+`|(?:\\.|[^\]\\])+)\]\(([^)]+)\)/gm)].map(([, to]) =>
    decodeURIComponent(to!),
  )
  expect(links.length).toBe(page.match(/^- /gm)!.length)
  expect(links.filter((path) => !existsSync(join(shop.root, path)))).toEqual([])
  onTestFinished(() => rmSync(join(shop.root, 'llms.txt'), { force: true }))
  await text(['llms-txt', '--write', 'llms.txt'])
  expect(await text(['llms-txt', '--write', 'llms.txt'])).toBe('llms.txt is as it should be\n')
  writeFileSync(join(shop.root, 'llms.txt'), `${read(shop.root, 'llms.txt')}- mine\n`)
  expect(await run(['llms-txt', '--write', 'llms.txt'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('edited since'),
  })
})

test('markdown is a folder whose links all lead somewhere, also without any summary', async () => {
  const out = join(shop.root, 'wiki')
  onTestFinished(() => rmSync(out, { recursive: true, force: true }))
  await text(['markdown', '--out', 'wiki'])
  const files = filesOf(out)
  const broken = [...files].flatMap(([page, words]) =>
    [...words.matchAll(/\]\(([^)]+)\)/g)]
      .map(([, to]) => decodeURIComponent(to!))
      .filter((to) => !existsSync(join(out, posix.dirname(page), to)))
      .map((to) => `${page} -> ${to}`),
  )
  expect(broken).toEqual([])
  expect(files.get('README.md')).toMatch(/```mermaid\nflowchart LR\n {2}n\d+\["src\//)
  expect(files.get('src/vat.ts.md')).toMatch(/## Definitions\n\n- `export [\s\S]*## Imported by\n/)
  expect(files.get('usual-changes.md')).toContain('Any feature')
  const all = [...files.values()].join('\n')
  expect(all).not.toContain(shop.root)
  expect(all).not.toContain(homedir().length > 1 ? homedir() : '\0')
  expect(all).not.toContain(`/${userInfo().username}/`)
  // its own pages are no part of the repository, and nothing has changed
  expect(await text(['markdown', '--out', 'wiki'])).toMatch(/^wiki: 0 files written, \d+ unchanged\n$/)
  expect(filesOf(out)).toEqual(files)
  const elsewhere = scratchFolder()
  await text(['markdown', '--out', elsewhere])
  expect([...filesOf(elsewhere).keys()]).toEqual([...files.keys()])
})

test('pages of files that are gone are removed, and pages edited by hand are kept', async () => {
  const root = scratchRepo({
    'a.ts': 'export const a = 1\n',
    'b/c.ts': 'export const c = 1\n',
    'd.ts': 'export const d = 1\n',
  })
  const out = scratchFolder()
  writeFileSync(join(out, 'mine.md'), 'mine\n')
  await text(['markdown', '--out', out], root)
  rmSync(join(root, 'b'), { recursive: true })
  expect(await text(['markdown', '--out', out], root)).toMatch(/2 files removed/)
  expect([...filesOf(out).keys()]).toEqual(['.repose-export.json', 'README.md', 'a.ts.md', 'd.ts.md', 'mine.md'])
  writeFileSync(join(out, 'a.ts.md'), 'by hand\n')
  expect(await run(['markdown', '--out', out], root)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: a\.ts\.md in .*\nfix: .*--force/),
  })
  await text(['markdown', '--out', out, '--force'], root)
  expect(read(out, 'a.ts.md')).toContain('# `a.ts`')
})

test('a link in the folder, and a list of files that leads outside, are not followed', async () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  const [out, outside] = [scratchFolder(), scratchFolder()]
  writeFileSync(join(outside, 'a.ts.md'), 'theirs\n')
  symlinkSync(outside, join(out, 'src'))
  expect(await run(['markdown', '--out', out], root)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('src in '),
  })
  rmSync(join(out, 'src'))
  const hash = '9f86d081884c7d65'
  writeFileSync(
    join(out, '.repose-export.json'),
    JSON.stringify({ files: { '../x.md': [hash], '/etc/x': [hash], 'a/../../x.md': [hash] } }),
  )
  writeFileSync(join(dirname(out), 'x.md'), 'test')
  onTestFinished(() => rmSync(join(dirname(out), 'x.md')))
  await text(['markdown', '--out', out], root)
  expect(existsSync(join(dirname(out), 'x.md'))).toBe(true)
  expect(readdirSync(outside)).toEqual(['a.ts.md'])
})

test('links of the repository lead no export elsewhere, and its list of files names none of git', async () => {
  const [outside, head] = [scratchFolder(), 'ref: refs/heads/main\n']
  const digest = createHash('sha256').update(head).digest('hex').slice(0, 16)
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  mkdirSync(join(root, '.claude/skills'), { recursive: true })
  symlinkSync('../..', join(root, '.claude/skills/repose'))
  symlinkSync(outside, join(root, 'docs'))
  symlinkSync('.git', join(root, 'wiki'))
  writeFileSync(join(root, '.repose-export.json'), JSON.stringify({ files: { '.git/HEAD': [digest] } }))
  expect(read(root, '.git/HEAD')).toBe(head)
  for (const args of [
    ['skill', '--out', '.claude/skills'],
    ['skill', '--out', 'docs'],
    ['markdown', '--out', 'docs/pages'],
    ['markdown', '--out', 'wiki'],
  ])
    expect(await run(args, root)).toMatchObject({ code: 2, stderr: expect.stringContaining('symbolic link') })
  expect(read(root, '.git/HEAD')).toBe(head)
  expect(readdirSync(outside)).toEqual([])
  // a link outside of the repository is the user's own
  const link = join(scratchFolder(), 'link')
  symlinkSync(outside, link)
  await text(['markdown', '--out', link], root)
  expect(readdirSync(outside)).toContain('src')
})

test('a list of files in a folder with a repository of its own removes nothing of git', async () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  const inner = scratchRepo({ 'b.ts': 'export const b = 1\n' })
  const digest = createHash('sha256').update(read(inner, '.git/HEAD')).digest('hex').slice(0, 16)
  writeFileSync(join(inner, '.repose-export.json'), JSON.stringify({ files: { '.git/HEAD': [digest] } }))
  await text(['markdown', '--out', inner], root)
  expect(existsSync(join(inner, '.git/HEAD'))).toBe(true)
})

test('names are data: in Markdown, in diagrams and in paths of pages', async () => {
  const evil = ['a](http:evil) `x`.ts', '<img src=x onerror=1>.ts', '#"]-->b.ts', 'nul.ts', '# head.ts']
  const root = scratchRepo({
    'package.json': '{"name": "<script>alert(1)</script> ](x)", "description": "`a ![x](http://evil) <b> @everyone"}',
    ...Object.fromEntries(
      evil.map((name) => [`src/${name}`, '/** See <script>x</script> [y](http://evil). */\nexport const a = 1\n']),
    ),
    'src/main.ts': evil.map((name, i) => `import { a as a${i} } from './${name}'\n`).join(''),
  })
  const out = scratchFolder()
  await text(['markdown', '--out', out], root)
  const files = filesOf(out)
  const pages = [...files].filter(([path]) => path.endsWith('.md'))
  expect(pages.length).toBe(evil.length + 3)
  for (const [path, words] of pages) {
    expect(path).toMatch(/^[\w.%@+=,()[\]~/-]+$/)
    const outsideCode = words.replace(/\\./g, '').replace(/(?<!`)(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
    expect(outsideCode).not.toMatch(/<(script|img|b)|(?<!\\)!\[|\]\(http|http:\/\//)
    expect(words.match(/^# /gm)).toHaveLength(1)
  }
  const block = await text(['agents-md'], root)
  expect(block.match(/<!--/g)).toHaveLength(2)
  const index = await text(['llms-txt'], root)
  expect(index).not.toMatch(/<script|(?<!\\)\]\(http|http:/)
})

test('an empty repository and a database elsewhere are fine; no repository is said', async () => {
  const root = scratchRepo({ 'README.md': '# Empty\n\nNothing is here yet.\n' })
  for (const format of ['agents-md', 'skill', 'llms-txt']) expect(await text([format], root)).not.toBe('')
  const out = scratchFolder()
  await text(['markdown', '--out', out], root)
  expect(read(out, 'README.md')).toContain('There is no code that repose can read.')
  mkdirSync(join(out, 'none'))
  expect(await run(['agents-md'], join(out, 'none'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not in a git repository'),
  })
})
