import { expect, test } from 'vitest'
import { kindOfPath } from '../src/paths.ts'

test.each([
  ['src/cart.ts', 'source'],
  ['src/examples/run.ts', 'source'],
  ['packages/core/src/docs/render.ts', 'source'],
  ['test/cart.test.ts', 'test'],
  ['src/__tests__/cart.ts', 'test'],
  ['pkg/server_test.go', 'test'],
  ['tests/test_fares.py', 'test'],
  ['README.md', 'doc'],
  ['docs/src/api/class-test.md', 'doc'],
  ['docs/scripts/build.js', 'doc'],
  ['news/12.feature.md', 'doc'],
  ['CHANGELOG', 'doc'],
  ['package.json', 'other'],
  ['styles/main.css', 'other'],
])('%s is %s', (path, kind) => {
  expect(kindOfPath(path)).toBe(kind)
})
