import { expect, test } from 'vitest'
import { isWrittenByTool } from '../../../agents/feature/written-by-tool.ts'

test.each([
  ...['package-lock.json', 'test/__snapshots__/a.test.ts.snap', 'test/__snapshots__/page.ts', 'docs/logo.svg'],
  ...['spec/cassettes/pay.yml', '.ruff_cache/0.1/x', 'test/snapshots/list.json', 'test/build_cache/a.bin'],
])('a tool has written %s', (path) => {
  expect(isWrittenByTool(path)).toBe(true)
})

test.each([
  ...['src/middleware/cache/index.ts', 'src/cache/README.md', 'pkg/snapshot/restore.go', 'lib/page_cache/store.rb'],
])('a person has written %s', (path) => {
  expect(isWrittenByTool(path)).toBe(false)
})
