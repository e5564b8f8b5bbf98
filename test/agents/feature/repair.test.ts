import { expect, test } from 'vitest'
import { mergeRepair, sayApplied, sayRefused } from '../../../agents/feature/repair.ts'
import type { Edit } from '../../../src/types.ts'

const replace = (path: string, find: string): Edit => ({ kind: 'replace', path, find, replacement: `${find}!` })
const edits = [replace('a.ts', 'one'), replace('b.ts', 'two'), replace('c.ts', 'three')]
const problem = (edit: number) => ({ edit, path: edits[edit]!.path, message: `edit ${edit} is wrong` })

test('corrected edits stand where the first one at fault stood; those sent again unchanged are not doubled', () => {
  const refused = { edits, problems: [problem(1)] }
  expect(mergeRepair(refused, [replace('b.ts', 'too'), edits[0]!])).toEqual([
    edits[0],
    replace('b.ts', 'too'),
    edits[2],
  ])
})

test('an edit at fault that is not sent again is left out', () => {
  expect(mergeRepair({ edits, problems: [problem(0), problem(2)] }, [])).toEqual([edits[1]])
})

test('the model reads what is at fault, and not the rest of its reply', () => {
  const text = sayRefused([], [], { edits, problems: [problem(1)] }, 'the whole reply')
  expect(text).toContain('edit 1 is wrong')
  expect(text).toContain('@@ replace b.ts')
  expect(text).toContain('The other 2 edits of it are kept')
  expect(text).not.toContain('a.ts')
  expect(text).not.toContain('the whole reply')
})

test('of an error of syntax the lines around it are quoted once', () => {
  const around = '188: const a = [\n189: ]'
  const syntax = (edit: number) => ({ ...problem(edit), path: 'a.ts', message: 'wrong at line 189', around })
  const text = sayRefused([], [], { edits, problems: [syntax(0), syntax(1)] }, '')
  expect(text).toContain(`- wrong at line 189; around it:\n${around}\n\n@@ replace a.ts`)
  expect(text).toContain('- the same:\n\n@@ replace b.ts')
})

test('what cannot be read goes back with the reply; what could be read of it is kept', () => {
  const refused = { edits, problems: [] }
  const text = sayRefused([], ['the edit of d.ts is cut off'], refused, 'the whole reply')
  expect(text).toContain('- the edit of d.ts is cut off')
  expect(text).toContain('the whole reply')
  expect(text).toContain('The other 3 edits of it are kept')
  expect(mergeRepair(refused, [replace('d.ts', 'four'), edits[1]!])).toEqual([...edits, replace('d.ts', 'four')])
  // sent again all the same, a little different: the new one counts
  const again: Edit = { kind: 'replace', path: 'b.ts', find: 'two', replacement: 'zwei' }
  expect(mergeRepair(refused, [again])).toEqual([edits[0], edits[2], again])
})

test('of applied edits the lines that they brought are repeated, of a long new file the beginning', () => {
  const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`)
  const text = sayApplied([
    { kind: 'create', path: 'new.ts', text: `${lines.join('\n')}\n` },
    { kind: 'replace', path: 'a.ts', find: 'kept\nold', replacement: 'kept\nfresh' },
    { kind: 'replace', path: 'a.ts', find: 'third', replacement: 'fourth' },
    { kind: 'delete', path: 'gone.ts' },
  ])
  expect(text).toContain('new.ts\n+ line 0\n')
  expect(text).toContain('+ line 4\n+ [195 more lines]')
  expect(text).toContain('a.ts\n+ fresh\n+ fourth\n')
  expect(text).not.toContain('kept')
  expect(text).toContain('@@ delete gone.ts')
})

test('edits that would make the message too long are named, not repeated', () => {
  const same = Array.from({ length: 5 }, (_, i) => replace(`src/${i}.ts`, 'x'.repeat(20_000)))
  const problems = same.map(({ path }, edit) => ({ edit, path, message: 'no such text' }))
  const text = sayRefused([], [], { edits: same, problems }, '')
  expect(text.length).toBeLessThan(101_000)
  expect(text).toContain('@@ replace src/0.ts')
  expect(text).toContain('[your edit of src/4.ts: not repeated, for length]')
})
