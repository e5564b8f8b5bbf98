import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyEdits } from '../../src/edit/apply-edits.ts'
import { editPermission } from '../../src/edit/permission.ts'
import type { Edit } from '../../src/types.ts'
import { isWindows } from '../helpers/platform.ts'
import { processorMs } from '../helpers/processor-ms.ts'
import { folderWith, messages, tools } from './edit-fixture.ts'

const nobody = { request: null, allowed: [] }
const byRequest = (request: string, path: string) =>
  editPermission({ request, allowed: [] }).verdictOf(path)?.allowedBy === 'request'

describe('a request allows what it spells out', () => {
  test.each([
    ['Add dist to .gitignore', '.gitignore'],
    ['Add dist to .gitignore.', 'packages/a/.gitignore'],
    ['use the registry in `.npmrc`', '.npmrc'],
    ['Update @CLAUDE.md, please', 'CLAUDE.md'],
    ['update claude.md', 'CLAUDE.md'],
    ['(see packages/a/.npmrc)', 'packages/a/.npmrc'],
    ['see ./.npmrc', '.npmrc'],
    ['Run the tests in .github/workflows/ci.yml', '.github/workflows/ci.yml'],
    ['change workflows/ci.yml', '.github/workflows/ci.yml'],
    ['Add a workflow to .github/workflows', '.github/workflows/new.yml'],
    ['all of .github/workflows/*.yml', '.github/workflows/ci.yml'],
    ['share our .vscode/ settings', '.vscode/settings.json'],
    ['port the Jenkinsfile', 'Jenkinsfile'],
    ['.github\\workflows\\ci.yml', '.github/workflows/ci.yml'],
  ])('%j: %s', (request, path) => {
    expect(byRequest(request, path)).toBe(true)
  })

  test.each([
    ['Add a CSV format', '.npmrc'],
    ['Ignore the build', '.gitignore'],
    ['Load settings.json', '.vscode/settings.json'],
    ['Describe the workflows', '.github/workflows/ci.yml'],
    ['the ci.yml of a workflow', '.github/workflows/ci.yml'],
    ['Open .vscode/settings.json', '.vscode/tasks.json'],
    ['see packages/a/.npmrc', '.npmrc'],
    ['see packages/a/.npmrc', 'packages/b/.npmrc'],
    ['see ~/.npmrc', '.npmrc'],
    ['my.npmrc', '.npmrc'],
    ['.npmrc-old', '.npmrc'],
    ['.npmrc.bak', '.npmrc'],
    ['read process.env', '.env'],
    ['read .env', '.env.production'],
    ['anything in .github', '.github/workflows/ci.yml'],
    ['.git', '.gitignore'],
    ['https://example.org/x/.npmrc', '.npmrc'],
  ])('%j: not %s', (request, path) => {
    expect(byRequest(request, path)).toBe(false)
  })

  test('a word that happens to be the name of the folder of hooks does not', () => {
    const here = { paths: [{ path: 'hooks', why: 'git runs the hooks in it' }], whyNamed: () => null }
    const permission = (request: string) => editPermission({ request, allowed: [], here })
    expect(permission('Add hooks to the store').verdictOf('hooks/pre-push')?.allowedBy).toBe(null)
    expect(permission('Change hooks/pre-push').verdictOf('hooks/pre-push')?.allowedBy).toBe('request')
  })
})

test('two hundred paths of a hundred parts are judged within two seconds, also if the request names the protected part', async () => {
  const part = (from: number) => Array.from({ length: 49 }, (_, i) => `d${from + i}`).join('/')
  const paths = Array.from({ length: 200 }, (_, i) => `${part(0)}/.vscode/${part(100)}/x${i}.txt`)
  const { verdictOf } = editPermission({ request: `Add a file to ${part(0)}/.vscode`, allowed: [] })
  const took = await processorMs(() => {
    for (const path of paths) expect(verdictOf(path)?.allowedBy).toBe('request')
    for (const path of paths) expect(verdictOf(path.replace('d48', 'e'))?.allowedBy).toBe(null)
    for (const path of paths) expect(byRequest('Raise the price', path)).toBe(false)
  })
  expect(took).toBeLessThan(2000)
})

test('a text from outside allows nothing, whatever it names', () => {
  const permission = editPermission({ request: null, allowed: [] })
  expect(permission.verdictOf('.npmrc')).toMatchObject({ allowedBy: null })
  expect(permission.refuse('.npmrc')).toMatch(/^\.npmrc is protected \(a package manager obeys it/)
})

test('the user allows a file, or a folder with all in it, and nothing beside it', () => {
  const by = (allowed: string[], path: string) => editPermission({ request: 'x', allowed }).verdictOf(path)?.allowedBy
  expect(by(['.npmrc'], '.npmrc')).toBe('user')
  expect(by(['.npmrc'], 'a/.npmrc')).toBe(null)
  expect(by(['.github/workflows'], '.github/workflows/a.yml')).toBe('user')
  expect(by(['.github'], '.github/workflows/a.yml')).toBe('user')
  expect(by(['.github/work'], '.github/workflows/a.yml')).toBe(null)
  expect(by(['src'], 'src/a.ts')).toBe(undefined) // needs no word
})

test('what was refused is noted, once', () => {
  const permission = editPermission(nobody)
  for (const path of ['.npmrc', 'a.ts', '.npmrc', 'CLAUDE.md']) permission.refuse(path)
  expect(permission.refused.map(({ path }) => path)).toEqual(['.npmrc', 'CLAUDE.md'])
})

describe('every kind of edit is refused, all or none', () => {
  const files = { 'a.ts': 'one\n', '.npmrc': 'x=1\n', 'old.json': '{}\n' }
  const edits: readonly (readonly [string, Edit])[] = [
    ['change', { kind: 'replace', path: '.npmrc', find: 'x=1', replacement: 'x=2' }],
    ['create', { kind: 'create', path: '.vscode/tasks.json', text: '{}\n' }],
    ['delete', { kind: 'delete', path: '.npmrc' }],
    ['rename away', { kind: 'rename', path: '.npmrc', to: 'npmrc.txt' }],
    ['rename onto', { kind: 'rename', path: 'old.json', to: '.vscode/tasks.json' }],
    ['a definition', { kind: 'symbol', path: '.npmrc', symbol: 'x', where: 'delete', text: '' }],
    ['an import', { kind: 'import', path: '.npmrc', text: 'y=1' }],
    ['an odd spelling', { kind: 'create', path: './.GitHub//workflows/./a.yml', text: 'a\n' }],
  ]
  test.each(edits)('%s', async (_, edit) => {
    const fine: Edit = { kind: 'replace', path: 'a.ts', find: 'one', replacement: 'two' }
    const said = await messages(folderWith(files), [fine, edit])
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/^1 \S+: \S+ is protected \(.*\), and .*: leave this edit out/)
  })

  test('a problem of that kind is told apart, so that no better edit is asked for', async () => {
    const outcome = await applyEdits(folderWith(files), [{ kind: 'delete', path: '.npmrc' }], tools)
    expect(outcome).toMatchObject({ ok: false, problems: [{ edit: 0, path: '.npmrc', isProtected: true }] })
  })

  test('allowed, it is applied', async () => {
    const permission = editPermission({ request: 'Drop .npmrc', allowed: [] })
    const outcome = await applyEdits(folderWith(files), [{ kind: 'delete', path: '.npmrc' }], { ...tools, permission })
    expect(outcome).toMatchObject({ ok: true, deleted: ['.npmrc'] })
  })

  test.skipIf(isWindows)('a folder that is a link leads to no protected place', async () => {
    const root = folderWith({ '.github/workflows/a.yml': 'a\n' })
    mkdirSync(join(root, 'src'))
    symlinkSync('../.github', join(root, 'src/meta'))
    const edit: Edit = { kind: 'create', path: 'src/meta/workflows/b.yml', text: 'b\n' }
    expect(await messages(root, [edit])).toEqual([
      expect.stringMatching(/^0 src\/meta\/workflows\/b\.yml: \.github\/workflows\/b\.yml is protected/),
    ])
  })
})
