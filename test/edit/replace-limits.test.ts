import { expect, test } from 'vitest'
import { applyEdits, type EditTools } from '../../src/edit/apply-edits.ts'
import type { Edit } from '../../src/types.ts'
import { folderWith, messages, text, tools } from './edit-fixture.ts'

const replace = (path: string, find: string, replacement: string, more: object = {}): Edit => ({
  ...{ kind: 'replace', path, find, replacement },
  ...more,
})

test('a text that occurs often is told with the first ten lines, and whether there are more', async () => {
  const often = async (count: number) => {
    const [message] = await messages(folderWith({ 'a.ts': 'x\n'.repeat(count) }), [replace('a.ts', 'x', 'y')])
    return /occurs (\d+) times in a\.ts \(lines ([^)]*)\)/.exec(message!)!.slice(1)
  }
  expect(await often(10)).toEqual(['10', '1, 2, 3, 4, 5, 6, 7, 8, 9, 10'])
  expect(await often(11)).toEqual(['11', '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...'])
})

test('a thousand places are too many to replace, also all at once', async () => {
  const every = async (count: number) => {
    const root = folderWith({ 'a.ts': 'x\n'.repeat(count) })
    const { ok } = await applyEdits(root, [replace('a.ts', 'x', 'y', { every: true })], tools)
    return [ok, text(root, 'a.ts').slice(0, 2)]
  }
  expect(await every(999)).toEqual([true, 'y\n'])
  expect(await every(1000)).toEqual([false, 'x\n'])
})

test('a replacement of all places may not make a file of more than two million characters', async () => {
  const root = folderWith({ 'a.ts': 'x\n'.repeat(500) })
  const grow = (length: number) => [replace('a.ts', 'x', 'y'.repeat(length), { every: true })]
  expect(await messages(root, grow(3_999))).toEqual(['0 a.ts: a.ts would have more than 2 million characters'])
  expect(text(root, 'a.ts')).toBe('x\n'.repeat(500))
  expect((await applyEdits(root, grow(3_998), tools)).ok).toBe(true)
})

test('of places that overlap each other every second one is replaced', async () => {
  const root = folderWith({ 'a.ts': 'aaaaa\n' })
  expect((await applyEdits(root, [replace('a.ts', 'aa', 'b', { every: true })], tools)).ok).toBe(true)
  expect(text(root, 'a.ts')).toBe('abb\n')
})

const PLACE: EditTools = {
  ...tools,
  symbolsOf: async () => [
    {
      ...{ qualified: 'b', name: 'b', kind: 'function', lines: { first: 4, last: 6 } },
      ...{ signature: 'function b()', doc: null, hash: 'b' },
    },
  ],
}
const TWO = 'function a() {\n  return sum\n}\nfunction b() {\n  return sum\n}\n'

test('the closest place in a definition has the line numbers of the file, and the text that may be shown', async () => {
  const edit = replace('a.ts', '  retrun sum', 'x', { within: 'b' })
  expect(await messages(folderWith({ 'a.ts': TWO }), [edit], PLACE)).toEqual([
    '0 a.ts: find text does not occur in a.ts#b; the closest place is line 5:\n  return sum',
  ])
  const visible = async () => TWO.replaceAll('sum', 'sun').split('\n')
  expect(await messages(folderWith({ 'a.ts': TWO }), [edit], { ...PLACE, visible })).toEqual([
    '0 a.ts: find text does not occur in a.ts#b; the closest place is line 5:\n  return sun',
  ])
  const two = replace('a.ts', 'function b() {\n  retrun sum', 'x', { within: 'b' })
  expect((await messages(folderWith({ 'a.ts': TWO }), [two], { ...PLACE, visible }))[0]).toContain('is lines 4-5:')
})

test('a file larger than the limit is not edited, and one as large is', async () => {
  const edit = [replace('a.ts', 'one', 'two')]
  const root = folderWith({ 'a.ts': 'one two three\n' })
  expect(await messages(root, edit, { ...tools, maxFileBytes: 13 })).toEqual([
    '0 a.ts: a.ts has 14 bytes: a file of more than 13 is not edited',
  ])
  expect((await applyEdits(root, edit, { ...tools, maxFileBytes: 14 })).ok).toBe(true)
})

test('of many faulty edits the first thirty are reported', async () => {
  const root = folderWith({ 'a.ts': 'one\n' })
  const told = await messages(root, Array(40).fill(replace('a.ts', 'no such text', 'x')))
  expect(told).toHaveLength(30)
})

test('several paths that are like a missing one are all named', async () => {
  const root = folderWith({ 'a/total.ts': '', 'b/total.ts': '' })
  expect(await messages(root, [replace('src/total.ts', 'a', 'b')])).toEqual([
    '0 src/total.ts: src/total.ts does not exist; did you mean a/total.ts or b/total.ts?',
  ])
})

test('an edit of more than 200,000 characters is refused', async () => {
  const root = folderWith({ 'a.ts': 'one\n' })
  const edits = [
    replace('a.ts', 'one', 'x'.repeat(200_000)),
    { kind: 'create', path: 'b.ts', text: 'x'.repeat(200_001) },
  ]
  const told = await messages(root, edits as Edit[])
  expect(told).toHaveLength(2)
  for (const message of told) expect(message).toContain('an edit has more than 200000 characters')
})

test('edits of a run that write more than twenty million characters are refused, in one batch or in several', async () => {
  const root = folderWith({ 'a.ts': 'one\n' })
  const edits = Array.from({ length: 15 }, (_, i): Edit[] => [
    { kind: 'create', path: `${i}.txt`, text: 'a\n'.repeat(900) },
    replace(`${i}.txt`, 'a', 'x'.repeat(2000), { every: true }),
  ])
  const ofRun = { ...tools, permission: { ...tools.permission } }
  const apply = (some: Edit[][]) => applyEdits(root, some.flat(), ofRun)
  const message = 'with this edit more than 20 million characters are written: change less'
  expect(await apply(edits)).toMatchObject({ problems: [{ edit: 23, path: '11.txt', message }] })
  expect((await apply(edits.slice(0, 11))).ok).toBe(true)
  expect(await apply(edits.slice(11, 12))).toMatchObject({ problems: [{ edit: 1, path: '11.txt', message }] })
})
