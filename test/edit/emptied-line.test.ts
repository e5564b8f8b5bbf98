import { expect, test } from 'vitest'
import { applyEdits } from '../../src/edit/apply-edits.ts'
import { withEmptiedLines } from '../../src/edit/emptied-line.ts'
import { findText } from '../../src/edit/find-text.ts'
import { processorMs } from '../helpers/processor-ms.ts'
import { folderWith, text as read, tools } from './edit-fixture.ts'

function without(text: string, find: string): string {
  const [place] = findText(text, find, '')
  const { start, end, replacement } = withEmptiedLines(text, place!)
  return text.slice(0, start) + replacement + text.slice(end)
}

test('an import that is removed leaves no line', async () => {
  const root = folderWith({ 'a.ts': "import a from 'a'\nimport b from 'b'\n\nb()\n" })
  const edit = { kind: 'replace', path: 'a.ts', find: "import a from 'a'", replacement: '' } as const
  expect((await applyEdits(root, [edit], tools)).ok).toBe(true)
  expect(read(root, 'a.ts')).toBe("import b from 'b'\n\nb()\n")
})

test.each([
  ['a\nb\nc\n', 'b', 'a\nc\n'],
  ['a\r\n  b\r\nc\r\n', 'b', 'a\r\nc\r\n'],
  ['a\nb\nc\n', 'b\nc', 'a\n'],
  ['import a\n\nx\n', 'import a', 'x\n'],
  ['a\n\nb\n\n\nc\n', 'b', 'a\n\n\nc\n'],
  ['a\n\nb\n\nc\n', 'b', 'a\n\nc\n'],
  ['a\n\nb\n', 'b', 'a\n'],
  ['a\nb', 'b', 'a'],
  ['a\r\nb', 'b', 'a'],
  ['b', 'b', ''],
  ['a\nb c\nd\n', 'b', 'a\n c\nd\n'], // a part of a line
  ['a\nb\nc\n', 'b\n', 'a\nc\n'], // its line break is named
])('of %j without %j remains %j', (text, find, rest) => {
  expect(without(text, find)).toBe(rest)
})

test('a great many blank lines take no more than a moment', async () => {
  const text = `a\n${'\n'.repeat(500_000)}b\n${'\n'.repeat(500_000)}c\n`
  expect(await processorMs(() => expect(without(text, 'b')).toHaveLength(500_004))).toBeLessThan(2000)
})
