import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT as ROOT } from '../../src/assets.ts'
import { languageById } from '../../src/parse/languages/index.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'
import { builtModule, isBuilt } from './built-modules.ts'

const SOURCES = ['src/a.ts', 'agents/x/b.ts', 'bin/c.ts', 'bench/d.ts']

function write(root: string, path: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), '')
}

async function builtProject() {
  const root = scratchFolder()
  for (const path of SOURCES) write(root, path)
  await setTimeout(20) // a file's time may be that of the last tick
  write(root, 'dist/LICENSES.txt')
  await setTimeout(20)
  return root
}

test('a build without later changes is up to date, whatever other files change', async () => {
  const root = await builtProject()
  expect(isBuilt(root)).toBe(true)
  write(root, 'src/asset.sql')
  write(root, 'test/a.test.ts')
  expect(isBuilt(root)).toBe(true)
})

test.each(SOURCES)('a build is old if %s was written later', async (path) => {
  const root = await builtProject()
  write(root, path)
  expect(isBuilt(root)).toBe(false)
})

test('a build is old if a source was put there later that has the time of an old file', async () => {
  const root = await builtProject()
  write(root, 'src/later.ts')
  utimesSync(join(root, 'src/later.ts'), 1, 1)
  expect(isBuilt(root)).toBe(false)
})

test('without a complete build there is none', async () => {
  const root = await builtProject()
  rmSync(join(root, 'dist/LICENSES.txt'))
  expect(isBuilt(root)).toBe(false)
})

test('imports of compiled sources lead to the build, and no others', async () => {
  const root = await builtProject()
  const importer = join(root, 'test/x/y.test.ts')
  const resolved = (source: string) => builtModule(root, source, importer)
  expect(resolved('../../agents/x/b.ts')).toBe(join(root, 'dist/agents/x/b.js').replaceAll('\\', '/'))
  write(root, 'test/x/helper.ts')
  for (const source of ['./helper.ts', '../../src/missing.ts', '../../src/asset.sql', 'vitest', 'node:fs'])
    expect(resolved(source), source).toBe(null)
})

test('a run of tests loads the build if it is up to date', () => {
  const stack = (() => {
    try {
      return languageById('none').id
    } catch (error) {
      return (error as Error).stack!
    }
  })()
  const module = join(ROOT, 'dist/src/parse/languages/index.js').replaceAll('\\', '/')
  expect(stack.includes(module) || !isBuilt(ROOT) || process.env.VITEST_MODE === 'WATCH', stack).toBe(true)
})
