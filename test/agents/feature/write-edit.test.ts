import { expect, test } from 'vitest'
import { parseReply } from '../../../agents/feature/parse-reply.ts'
import { writeEdit } from '../../../agents/feature/write-edit.ts'
import type { Edit } from '../../../src/types.ts'

const symbol = { kind: 'symbol', path: 'src/a.ts', symbol: 'Cart.total~2' } as const
const EDITS: readonly Edit[] = [
  { kind: 'replace', path: 'a b.ts', find: '  one\n\ntwo', replacement: 'x\n' },
  { kind: 'replace', path: 'a.ts', find: '\none\n', replacement: '' },
  { kind: 'replace', path: 'a.ts', find: 'x', replacement: 'y', within: 'Cart.total', every: true },
  { ...symbol, where: 'replace', text: 'total() {\n  return 1\n}' },
  { ...symbol, where: 'before', text: 'before()' },
  { ...symbol, where: 'after', text: '\nafter()\n' },
  { ...symbol, where: 'delete', text: '' },
  { kind: 'create', path: 'new.rst', text: 'Title\n=====\n\n=======\n' },
  { kind: 'create', path: 'empty.ts', text: '\n' },
  { kind: 'delete', path: 'old.ts' },
  { kind: 'rename', path: 'a b.ts', to: 'c/d e.ts' },
  { kind: 'replace', path: 'new\nline.ts', find: 'x', replacement: 'y', within: 'f' },
  { ...symbol, path: 'back\\slash#`"q".ts', where: 'delete', text: '' },
  { kind: 'replace', path: 'a, b.ts', find: 'x', replacement: 'y' },
  { kind: 'rename', path: 'a -> b.ts', to: '"q"' },
  { kind: 'import', path: 'a.ts', text: "import a from 'a'\nimport b from 'b'" },
]

test.each(EDITS)('what is written is read as the same edit: $kind $path', (edit) => {
  expect(parseReply(writeEdit(edit))).toEqual({
    looks: [],
    edits: [edit],
    notes: [],
    notEnough: null,
    nothingToChange: null,
    problems: [],
    unread: [],
  })
})

test('edits written one after the other are read as that batch', () => {
  expect(parseReply(EDITS.map(writeEdit).join('')).edits).toEqual(EDITS)
})
