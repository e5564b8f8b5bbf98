import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { parseReply } from '../../../agents/feature/parse-reply.ts'
import { show } from '../../../agents/feature/show.ts'
import { applySeen } from '../../../agents/feature/staged/apply-seen.ts'
import { openWorkspace, type Workspace } from '../../../agents/feature/workspace.ts'
import { scratchFolder, scratchRepo } from '../../repo/scratch-repo.ts'

let root: string
let installed: string
let workspace: Workspace
beforeEach(() => {
  root = scratchRepo({
    'package.json': JSON.stringify({ dependencies: { shapes: '1', '@scope/lib': '1', old: '1', linked: '1' } }),
    '.gitignore': 'node_modules\n',
    'src/a.ts': "import { Circle } from 'shapes'\n",
  })
  installed = join(scratchFolder(), 'node_modules') // of the user's own folder, linked into the agent's
  put('shapes/package.json', JSON.stringify({ exports: { '.': { import: { types: './dist/index.d.mts' } } } }))
  put('shapes/dist/index.d.mts', "export * from './circle.js'\n")
  put(
    'shapes/dist/circle.d.mts',
    `${'type Row = 1\n'.repeat(60)}/** Round. */\nexport interface Circle {\n  radius: number\n}\n`,
  )
  put('shapes/dist/circle.js', 'export const Circle = 1\n')
  put('shapes/.env', 'Circle=1\n')
  put('shapes/dist/circle.d.cts', 'export interface Circle {}\n')
  put('shapes/v0/circle.d.mts', 'export interface Circle {}\n')
  put('shapes/node_modules/inner/index.d.ts', 'export interface Circle {}\n')
  put('@scope/lib/index.d.ts', 'export declare const lib: 1\n')
  put('@types/old/index.d.ts', 'export declare const old: 1\n')
  put('old/index.js', '')
  put('other/index.d.ts', 'export interface Circle {}\n')
  symlinkSync(installed, join(root, 'node_modules'), 'junction')
  workspace = openWorkspace(root)
})

function put(path: string, text: string): void {
  mkdirSync(dirname(join(installed, path)), { recursive: true })
  writeFileSync(join(installed, path), text)
}

test('packages of other folders are not seen by .. or through a linked folder', async () => {
  const other = join(scratchFolder(), 'other')
  mkdirSync(join(other, 'node_modules/shapes'), { recursive: true })
  writeFileSync(join(other, 'node_modules/shapes/index.d.ts'), 'export type Elsewhere = 1\n')
  mkdirSync(join(root, 'node_modules_of/x'), { recursive: true })
  symlinkSync(other, join(root, 'linked'), 'junction')
  symlinkSync(join(other, 'node_modules'), join(root, 'node_modules_of/x/node_modules'), 'junction')
  for (const folder of [relative(root, other), `src/../${relative(root, other)}`, 'linked', 'node_modules_of/x']) {
    const at = `${folder.replaceAll('\\', '/')}/node_modules/shapes`
    expect(await workspace.read(`${at}/index.d.ts`)).toBe(null)
    expect((await workspace.search('Elsewhere', [at])).hits).toEqual([])
    expect((await look(`open ${at}`)).text).not.toContain('Elsewhere')
  }
})

test('the packages of a subfolder are seen through a link to those of the user', async () => {
  const modules = join(scratchFolder(), 'web/node_modules')
  mkdirSync(join(modules, 'shapes'), { recursive: true })
  writeFileSync(join(modules, 'shapes/index.d.ts'), 'export type Here = 1\n')
  mkdirSync(join(root, 'web'))
  symlinkSync(modules, join(root, 'web/node_modules'), 'junction')
  expect(await workspace.read('web/node_modules/shapes/index.d.ts')).toBe('export type Here = 1\n')
})

const look = (wishes: string) => show(parseReply(wishes).looks, workspace)

test('a package is opened at its types, a name in it where it is defined, and nothing of it may be edited', async () => {
  const whole = await look('open node_modules/shapes')
  expect(whole.text).toContain("=== node_modules/shapes/dist/index.d.mts\nexport * from './circle.js'")
  const { text, paths } = await look('open node_modules/shapes#Circle')
  expect(text).toContain(
    '=== node_modules/shapes/dist/circle.d.mts\n[... 1-59]\ntype Row = 1\n/** Round. */\nexport interface Circle {',
  )
  expect([...whole.paths, ...paths]).toEqual([])
  const file = 'node_modules/shapes/dist/circle.d.mts'
  const edit = { kind: 'replace', path: file, find: 'radius', replacement: 'r' } as const
  for (const seen of [[], [file]])
    expect(await applySeen([edit], workspace, new Set(seen))).toMatchObject([{ edit: 0, path: file }])
  expect((await look('open node_modules/@scope/lib\nopen node_modules/old')).text).toBe(
    '=== node_modules/@scope/lib/index.d.ts\nexport declare const lib: 1\n\n=== node_modules/@types/old/index.d.ts\nexport declare const old: 1',
  )
})

test('a search in a package finds its types only, beside what it finds in the repository', async () => {
  const { text, paths } = await look('search Circle in node_modules/shapes src')
  expect(text).toContain('src/a.ts\n1:import { Circle }')
  expect(text).toContain(
    'node_modules/shapes/dist/circle.d.mts\n60-type Row = 1\n61-/** Round. */\n62:export interface Circle {',
  )
  expect(text).not.toMatch(/circle\.js\n|inner|\.env/)
  expect(paths).toEqual(['src/a.ts'])
  expect((await look('search Circle in node_modules/none')).text).toContain('(there is no node_modules/none; of what')
})

test('what git tracks in such a folder is edited as any other file', async () => {
  const files = { 'package.json': '{"dependencies":{"own":"1"}}', 'node_modules/own/index.d.ts': 'export {}\n' }
  const own = openWorkspace(scratchRepo(files))
  const { paths } = await show(parseReply('open node_modules/own\nopen node_modules/own/index.d.ts').looks, own)
  expect(paths).toEqual(['node_modules/own/index.d.ts'])
})

test('nothing else can be seen: no code, no package that is not named, nothing behind a link or above', async () => {
  const outside = scratchFolder()
  writeFileSync(join(outside, 'index.d.ts'), 'secret\n')
  symlinkSync(outside, join(installed, 'linked'), 'junction')
  symlinkSync(join(outside, 'index.d.ts'), join(installed, 'shapes/linked.d.ts'))
  put('shapes/large.d.ts', 'x'.repeat(5000))
  workspace = openWorkspace(root, undefined, { maxFileBytes: 4000 })
  for (const path of [
    'shapes/dist/circle.js',
    'shapes/.env',
    'shapes/package.json',
    'shapes/node_modules/inner/index.d.ts',
    'shapes/linked.d.ts',
    'shapes/large.d.ts',
    'shapes/../other/index.d.ts',
    'other/index.d.ts',
    'other',
    'linked',
    'linked/index.d.ts',
    '../index.d.ts',
  ]) {
    const { text } = await look(`open node_modules/${path}\nsearch secret|inner in node_modules/${path}`)
    expect(text, path).toMatch(/of what is installed only types/)
    expect(text, path).not.toMatch(/^(secret|\d+:|export)/m)
  }
})
