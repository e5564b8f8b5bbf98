import { expect, test } from 'vitest'
import { applyEdits } from '../../src/edit/apply-edits.ts'
import { cutLine } from '../../src/edit/cut-line.ts'
import type { Edit } from '../../src/types.ts'
import { folderWith, messages, text, tools } from './edit-fixture.ts'

const LONG = `const icons = '${'x'.repeat(700)}'`
const FILE = `before\n${LONG}\nafter\n`
const replace = (find: string, replacement: string): Edit => ({ kind: 'replace', path: 'a.txt', find, replacement })

async function apply(find: string, replacement: string, file = FILE): Promise<string> {
  const root = folderWith({ 'a.txt': file })
  expect(await applyEdits(root, [replace(find, replacement)], tools)).toMatchObject({ ok: true })
  return text(root, 'a.txt')
}

test('a line that was shown cut is found as it was shown, and what was not shown stays', async () => {
  const shown = cutLine(LONG, 600)
  expect(shown).toMatch(/x \[cut\]$/)
  expect(await apply(`before\n${shown}`, `first\n${shown.replace('icons', 'all')}`)).toBe(
    FILE.replace('before', 'first').replace('icons', 'all'),
  )
  const middle = cutLine(`${LONG} // needle ${LONG}`, 120, 690)
  expect(middle).toMatch(/^\[cut\] .* \[cut\]$/)
  const file = `a\n${LONG} // needle ${LONG}\n`
  expect(await apply(middle, middle.replace('needle', 'pin'), file)).toBe(file.replace('needle', 'pin'))
})

test('it is taken away whole, without an emptied line', async () => {
  expect(await apply(cutLine(LONG, 600), '')).toBe('before\nafter\n')
})

test('a replacement that would lose what was not shown is refused, and told how', async () => {
  const root = folderWith({ 'a.txt': FILE, 'b.txt': `${LONG}\n${LONG}\n` })
  const shown = cutLine(LONG, 600)
  const told = await messages(root, [
    replace(shown, 'const icons = 1'),
    replace('before', `before\n${shown}`),
    { kind: 'create', path: 'c.txt', text: `${shown}\n` },
    { ...replace(shown, ''), path: 'b.txt' },
  ])
  expect(told[0]).toContain('a line of find goes on where it is marked [cut]: mark the replacement at the same sides')
  expect(told[1]).toContain('the new text repeats a line of which only a part is shown')
  expect(told[2]).toContain('the new text repeats a line of which only a part is shown')
  expect(told[3]).toContain('find text occurs 2 times in b.txt (lines 1, 2)')
})

test('a file that has such a mark of its own is edited as any other', async () => {
  const own = `say(' [cut]\n${'y'.repeat(120)} [cut]\n`
  expect(await apply(`${'y'.repeat(120)} [cut]`, `z${'y'.repeat(120)} [cut]`, own)).toContain(
    `z${'y'.repeat(120)} [cut]`,
  )
})
