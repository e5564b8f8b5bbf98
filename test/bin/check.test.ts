import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { pastRepo } from '../helpers/past-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'

vi.setConfig({ testTimeout: 60_000 })

const TOGETHER = { subject: 'Change the parser', paths: ['src/a.ts', 'docs/a.md'] }
const OTHER = { subject: 'Change something else', paths: ['src/b.ts'] }
const PAST = [
  { subject: 'Begin', paths: ['src/a.ts', 'src/b.ts', 'docs/a.md', 'src/c.ts'] },
  ...Array.from({ length: 9 }, () => [TOGETHER, OTHER]).flat(),
]
const SAID = 'docs/a.md usually changes too: in 9 of the last 9 small commits to src/a.ts'

let template: string
let root: string
beforeAll(() => {
  template = pastRepo(PAST)
})
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'repose-check-')))
  cpSync(template, root, { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' })
const edit = (path: string) => appendFileSync(join(root, path), '// edited\n')
const check = (...args: string[]) => runRepose(['check', ...args], { cwd: root })

test('a file that usually changes too is named with its evidence, and stops only a strict check', async () => {
  edit('src/a.ts')
  expect(await check()).toMatchObject({ code: 0, stdout: `${SAID}\n`, stderr: '' })
  expect(await check('--strict')).toMatchObject({ code: 4, stdout: `${SAID}\n` })
  edit('docs/a.md')
  expect(await check('--strict')).toMatchObject({ code: 0, stdout: '', stderr: '' })
})

test('a secret in the name of a file that the change removes is not told', async () => {
  const key = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`
  writeFileSync(join(root, `src/${key}.ts`), 'export function readOldFormat() {}\n')
  writeFileSync(join(root, 'docs/old.md'), 'Call `readOldFormat`.\n')
  git('add', '-A')
  git('commit', '-qm', 'Add the old format')
  rmSync(join(root, `src/${key}.ts`))
  for (const args of [[], ['--json'], ['--format', 'sarif'], ['--format', 'github']]) {
    const { stdout, stderr } = await check(...args)
    expect(stdout).toContain('still names readOldFormat')
    expect(stdout + stderr).not.toContain(key)
  }
})

test('the formats say the same for programs', async () => {
  edit('src/a.ts')
  const json = JSON.parse((await check('--json')).stdout)
  expect(json).toMatchObject({
    compared: 'working tree',
    changed: ['src/a.ts'],
    findings: [{ rule: 'usual-companion', path: 'docs/a.md', at: 'src/a.ts', isPattern: false, message: SAID }],
  })
  expect(json.findings[0].probability).toBeGreaterThan(0.5)
  const sarif = JSON.parse((await check('--format', 'sarif')).stdout)
  expect(sarif).toMatchObject({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'repose' } }, results: [{ level: 'warning', message: { text: SAID } }] }],
  })
  expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('src/a.ts')
  expect((await check('--format', 'github')).stdout).toBe(`::warning file=src/a.ts,title=repose check::${SAID}\n`)
  git('checkout', '-q', '.')
  expect(JSON.parse((await check('--format', 'sarif')).stdout).runs[0].results).toEqual([])
  expect((await check('--format', 'github')).stdout).toBe('')
  expect(JSON.parse((await check('--json')).stdout).findings).toEqual([])
})

test('of a partly staged change only what is staged counts, and the rest is mentioned', async () => {
  edit('src/a.ts')
  git('add', 'src/a.ts')
  edit('docs/a.md')
  edit('src/b.ts')
  expect((await check()).stdout).toBe(`${SAID} (you have changed it, but not staged it)\n`)
  git('reset', '-q')
  expect((await check('--staged', '--strict')).code).toBe(0)
  expect((await check('--strict')).stdout).toBe('')
})

test('a rename and a deletion count by the name that the past knows', async () => {
  git('mv', 'src/a.ts', 'src/z.ts')
  expect((await check('--staged')).stdout).toBe(`${SAID}\n`)
  git('mv', 'src/z.ts', 'src/a.ts')
  git('rm', '-q', 'src/a.ts')
  expect((await check('--staged')).stdout).toBe(`${SAID}\n`)
  git('rm', '-q', 'docs/a.md')
  expect((await check('--staged')).stdout).toBe('')
})

test('named files need not be changed, and must exist', async () => {
  expect((await check('--files', 'src/a.ts', 'src/b.ts')).stdout).toBe(`${SAID}\n`)
  const below = await runRepose(['check', '--files', 'a.ts'], { cwd: join(root, 'src') })
  expect(below.stdout).toBe(`${SAID}\n`)
  expect(await check('--files', 'src/x.ts')).toMatchObject({ code: 2, stderr: expect.stringContaining('src/x.ts') })
  expect((await check('--files', '../x')).code).toBe(2)
  expect((await check('--files', 'src/a.ts', '--staged')).stderr).toContain('exclude each other')
})

test('against a base the whole branch counts, and its own commits are no evidence', async () => {
  git('checkout', '-q', '-b', 'topic')
  for (let i = 0; i < 12; i++) {
    edit('src/a.ts')
    git('commit', '-qam', 'Change the parser alone')
  }
  expect((await check('--base', 'main')).stdout).toBe(`${SAID}\n`)
  edit('docs/a.md')
  expect((await check('--base', 'main')).stdout).toBe('')
  expect(await check('--base', 'nowhere')).toMatchObject({
    code: 2,
    stderr:
      'error: there is no commit nowhere in this clone\nfix:   fetch it, or name another one, such as origin/main\n',
  })
})

test('a linked worktree and a detached HEAD are checked like any other', async () => {
  const tree = join(root, 'linked')
  git('worktree', 'add', '-q', '--detach', tree)
  appendFileSync(join(tree, 'src/a.ts'), '// edited\n')
  expect(await runRepose(['check'], { cwd: tree })).toMatchObject({ code: 0, stdout: `${SAID}\n` })
})

test('a merge that waits for its commit is not checked', async () => {
  git('checkout', '-q', '-b', 'topic')
  edit('src/a.ts')
  git('commit', '-qam', 'On the branch')
  git('checkout', '-q', 'main')
  git('merge', '-q', '--no-ff', '--no-commit', 'topic')
  expect(await check('--strict')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('a merge waits'),
  })
})

test('a shallow clone says how its history is fetched', async () => {
  const clone = join(root, 'clone')
  execFileSync('git', ['clone', '-q', '--depth', '2', `file://${template}`, clone])
  appendFileSync(join(clone, 'src/a.ts'), '// edited\n')
  const run = await runRepose(['check'], { cwd: clone })
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('git fetch --unshallow') })
  const based = await runRepose(['check', '--base', 'origin/none'], { cwd: clone })
  expect(based).toMatchObject({ code: 2, stderr: expect.stringContaining('fetch-depth: 0') })
})

test('without commits there is nothing to say; outside a repository it is an error', async () => {
  const fresh = pastRepo([])
  writeFileSync(join(fresh, 'a.ts'), 'export const a = 1\n')
  execFileSync('git', ['-C', fresh, 'add', '-A'])
  const run = await runRepose(['check', '--staged', '--strict'], { cwd: fresh })
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no commits yet') })
  rmSync(join(fresh, '.git'), { recursive: true })
  expect(await runRepose(['check'], { cwd: fresh })).toMatchObject({ code: 2, stdout: '' })
  rmSync(fresh, { recursive: true })
})

test('the index that git makes for a commit with -a is the one that is read', async () => {
  edit('src/a.ts')
  const index = join(root, '.git', 'index.lock-of-commit')
  const env = { GIT_INDEX_FILE: index }
  execFileSync('git', ['-C', root, 'read-tree', 'HEAD'], { env: { ...process.env, ...env } })
  execFileSync('git', ['-C', root, 'add', 'src/a.ts'], { env: { ...process.env, ...env } })
  const run = await runRepose(['check', '--staged'], { cwd: root, env })
  expect(run.stdout).toBe(`${SAID}\n`)
  expect((await check('--staged')).stdout).toBe('')
})

test('a recipe that the change begins is finished by name, once a pass has learned it', async () => {
  const names = ['sum', 'mean', 'max', 'least', 'sort', 'join', 'split']
  const shop = pastRepo([
    { subject: 'Begin', paths: ['src/commands/index.ts', 'src/a.ts', 'README.md'] },
    ...names.flatMap((name) => [
      {
        subject: `Add ${name} command`,
        paths: [`src/commands/${name}.ts`, 'src/commands/index.ts', `test/commands/${name}.test.ts`],
      },
      { subject: 'Fix a typo', paths: ['src/a.ts'] },
    ]),
  ])
  const inShop = (...args: string[]) => runRepose(args, { cwd: shop })
  expect((await inShop('sleep')).code).toBe(0)
  writeFileSync(join(shop, 'src/commands/round.ts'), 'export const round = 1\n')
  const { stdout } = await inShop('check')
  expect(stdout).toMatch(
    /^src\/commands\/index\.ts usually changes too when a file like src\/commands\/round\.ts is made: in 7 of 7 past commits of the recipe "new command", such as \w{7} "Add split command"$/m,
  )
  expect(stdout).toMatch(
    /^a new test\/commands\/\*\.test\.ts like test\/commands\/split\.test\.ts is usually made too /m,
  )
  appendFileSync(join(shop, 'src/commands/index.ts'), '// edited\n')
  execFileSync('git', ['-C', shop, 'add', '-A'])
  expect((await inShop('check', '--json')).stdout).toContain('"isPattern": true')
  rmSync(shop, { recursive: true })
})

test('a page that names what the change removes is told, unless code still has it or the page is about the past', async () => {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('src/limit.ts', 'export const maxDepth = 3\nexport const keptName = 1\n')
  write('src/other.ts', 'export const keptName = 2\n')
  write('docs/limits.md', '# Limits\n\nSet `maxDepth` or `keptName`. See src/limit.ts.\n')
  write('CHANGELOG.md', 'Added maxDepth\n')
  git('add', '.')
  git('commit', '-q', '-m', 'Add limits')
  write('src/limit.ts', 'export const depthLimit = 3\n')
  const said =
    'docs/limits.md:3 still names maxDepth, which this change removes: src/limit.ts had it, and no file but a page names it any more\n'
  expect((await check()).stdout).toBe(said)
  git('add', '.')
  expect((await check('--staged', '--strict')).code).toBe(4)
  const sarif = JSON.parse((await check('--staged', '--format', 'sarif')).stdout)
  expect(sarif.runs[0].results[0].relatedLocations[0].physicalLocation.region.startLine).toBe(3)
  git('commit', '-q', '-m', 'Rename the limit')
  expect((await check('--base', 'HEAD~1')).stdout).toBe(said)
  git('rm', '-q', 'src/limit.ts')
  expect((await check('--staged')).stdout).toContain(
    'docs/limits.md:3 still names src/limit.ts, which this change removes',
  )
  write('docs/limits.md', '# Limits\n')
  git('add', '.')
  expect((await check('--staged')).stdout).toBe('')
})

test.each(['::add-mask::x', '  ::group::x', 'a/##[add-matcher]x', '##vso[task.prependpath]x', '##teamcity[message]'])(
  'a file called %s gives a runner no command',
  async (name) => {
    const past = Array.from({ length: 6 }, () => ({ subject: `Change ${name}`, paths: ['src/a.ts', name] }))
    const hostile = pastRepo([{ subject: 'Begin', paths: ['src/a.ts', name] }, ...past])
    appendFileSync(join(hostile, 'src/a.ts'), '// edited\n')
    const run = (...args: string[]) => runRepose(['check', ...args], { cwd: hostile, env: { GITHUB_ACTIONS: 'true' } })
    const said = await Promise.all([run(), run('--format', 'sarif'), run('--json')])
    for (const { stdout, stderr } of said) expect(stdout + stderr).not.toMatch(/^\s*::|##(\[|vso|teamcity)/im)
    expect(JSON.parse(said[2]!.stdout).findings[0].path).toBe(name)
    expect((await run('--format', 'github')).stdout).toMatch(/^::warning file=src\/a\.ts,title=repose check::[^\n]*\n$/)
    rmSync(hostile, { recursive: true, force: true })
  },
)
