import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'
import { CASES } from './fuzz/fuzz.ts'
import { ATTACKS } from './suite.ts'

test('the suite has 200 cases and more, and something of each file', () => {
  const list = join(scratchFolder(), 'cases.json')
  const vitest = join(PACKAGE_ROOT, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'list', '--config', 'test/attack/vitest.config.ts', `--json=${list}`]
  execFileSync(process.execPath, args, { cwd: PACKAGE_ROOT, stdio: 'ignore' })
  const cases = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly name: string; readonly file: string }[]
  const files = new Set(cases.map(({ file }) => relative(PACKAGE_ROOT, file).replaceAll('\\', '/')))
  expect(Object.keys(ATTACKS).filter((file) => !files.has(file))).toEqual([])
  const named = cases.length - 1 // this one
  console.log(`${named} attacks in ${Object.keys(ATTACKS).length} files`)
  expect(named).toBeGreaterThanOrEqual(200)
}, 120_000)

test('fuzzing tries 10,000 values and more', () => {
  const tried = Object.values(CASES).reduce((sum, count) => sum + count, 0)
  expect(tried).toBeGreaterThanOrEqual(10_000)
})

test('every test in this folder is in the suite', () => {
  const here = readdirSync(import.meta.dirname, { recursive: true }).map((path) => String(path).replaceAll('\\', '/'))
  const tests = here.filter((path) => path.endsWith('.test.ts') && path !== 'suite.test.ts')
  expect(tests.filter((path) => !(`test/attack/${path}` in ATTACKS))).toEqual([])
})
