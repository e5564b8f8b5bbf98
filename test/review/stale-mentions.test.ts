import { expect, test } from 'vitest'
import { goneNames } from '../../src/review/gone-names.ts'

const diff = (path: string, ...lines: string[]) =>
  [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, '@@ -1 +1 @@', ...lines, ''].join('\n')
const names = (change: string) => [...goneNames(change).keys()]

test('what removed lines define is gone if the change adds it nowhere', () => {
  const removed = [
    '-export function oldName(max_size) {',
    "-  const inner_name = option('--depth')",
    '-const maxDepth = 3',
  ]
  const change = diff('src/a.ts', ...removed, '+export function newName() {}')
  expect([...goneNames(change)]).toEqual([
    ['oldName', 'src/a.ts'],
    ['--depth', 'src/a.ts'],
    ['maxDepth', 'src/a.ts'],
  ])
  expect(names(change + diff('src/b.ts', '+call(oldName, maxDepth)'))).toEqual(['--depth'])
  expect(names(diff('a.py', '-    def old_name(self):'))).toEqual(['old_name'])
  expect(names(diff('a.go', '-func (s *Server) OldName() error {'))).toEqual(['OldName'])
})

test('words of plain English, and what is no source file, give no names', () => {
  expect(names(diff('src/a.ts', '-function removed() {}'))).toEqual([])
  expect(names(diff('docs/a.md', '-function oldName() {}'))).toEqual([])
  expect(names(diff('test/a.test.ts', '-function oldName() {}'))).toEqual([])
})

test('a file that is deleted or renamed is gone by its path', () => {
  const deleted =
    'diff --git a/src/a.ts b/src/a.ts\ndeleted file mode 100644\n--- a/src/a.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n'
  const renamed = 'diff --git a/src/b.ts b/src/c.ts\nsimilarity index 100%\nrename from src/b.ts\nrename to src/c.ts\n'
  expect(names(deleted + renamed)).toEqual(['src/a.ts', 'src/b.ts'])
})

test('a line of a file that looks like a header of git is a line', () => {
  const change = diff('src/a.ts', '---a/src/other_name.ts', '-rename from src/other_name.ts', '-function oldName() {}')
  expect([...goneNames(change)]).toEqual([['oldName', 'src/a.ts']])
})
