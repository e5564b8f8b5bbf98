import { expect, test } from 'vitest'
import { isWrittenByTool, patternsOf, placeKind } from '../../src/recipes/places.ts'

test('a path is an example of patterns that name at least one folder, the narrowest first', () => {
  expect(patternsOf('cmd/gist/list/list_test.go')).toEqual(['cmd/gist/list/*_test.go', 'cmd/gist/*/*_test.go'])
  expect(patternsOf('src/s3.test.ts')).toEqual(['src/*.test.ts'])
  expect(patternsOf('tests/test_run.py')).toEqual(['tests/test_*.py'])
  expect(patternsOf('news/2636.feature.md')).toEqual(['news/*.feature.md', 'news/*.*'])
  expect(patternsOf('main.go')).toEqual([])
  expect(patternsOf('src/.eslintrc')).toEqual([])
})

test('changelogs and their fragments are told from other prose', () => {
  for (const path of ['CHANGELOG.md', '.changeset/x.md', 'news/1.feature.md', 'docs/changelog/v2.md', 'CHANGES'])
    expect(placeKind(path)).toBe('changelog')
  expect(['docs/cli.md', 'src/a.ts', 'test/a.test.ts', 'package.json'].map(placeKind)).toEqual([
    'doc',
    'source',
    'test',
    'other',
  ])
})

test('lock files of package managers and snapshots of tests are known by name', () => {
  for (const path of [
    'package-lock.json',
    'a/pnpm-lock.yaml',
    'Cargo.lock',
    'go.sum',
    'poetry.lock',
    'yarn.lock',
    'uv.lock',
    'bun.lockb',
    '.terraform.lock.hcl',
    'test/__snapshots__/a.test.ts.snap',
  ])
    expect(isWrittenByTool(path)).toBe(true)
  for (const path of [
    'src/lock.ts',
    'pkg/cmd/issue/lock/lock.go',
    'go.mod',
    'src/clock.ts',
    'src/file-lock.ts',
    'tests/test_lock.py',
  ])
    expect(isWrittenByTool(path)).toBe(false)
})
