import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { CASES } from './fuzz/fuzz.ts'
import { ATTACKS } from './suite.ts'

test('every file of the suite is there', () => {
  expect(Object.keys(ATTACKS).filter((file) => !existsSync(join(PACKAGE_ROOT, file)))).toEqual([])
})

test('fuzzing tries 10,000 values and more', () => {
  const tried = Object.values(CASES).reduce((sum, count) => sum + count, 0)
  expect(tried).toBeGreaterThanOrEqual(10_000)
})

test('every test in this folder is in the suite', () => {
  const here = readdirSync(import.meta.dirname, { recursive: true }).map((path) => String(path).replaceAll('\\', '/'))
  const tests = here.filter((path) => path.endsWith('.test.ts') && path !== 'suite.test.ts')
  expect(tests.filter((path) => !(`test/attack/${path}` in ATTACKS))).toEqual([])
})
