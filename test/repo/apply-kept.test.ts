import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyKept } from '../../src/repo/apply-kept.ts'
import { findResult, isAside, keepResult, listResults, saveResult } from '../../src/repo/results.ts'
import { undoResult } from '../../src/repo/undo-result.ts'
import { openWorktree } from '../../src/repo/worktree.ts'
import { isWindows, modeHere } from '../helpers/platform.ts'
import { read, scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

const LINES = Array.from({ length: 20 }, (_, n) => `line ${n}\n`)
const FILES = {
  'a.txt': LINES.join(''),
  'gone.txt': 'soon gone\n',
  'bin/run': '#!/bin/sh\n',
  'pic.bin': Buffer.from([0, 255, 1, 254]),
}

/** A result that changes, makes, deletes and moves files, made on what stands in the repository. */
async function result(root: string, edit: (at: string) => void) {
  const worktree = await openWorktree(root)
  edit(worktree.root)
  const diff = await worktree.diff()
  await worktree.close()
  return { diff, kept: await keepResult(join(root, '.git'), { diff, run: 7, request: 'Do it\n\nAll of it' }) }
}

const all = (at: string) => {
  write(at, 'a.txt', LINES.with(2, 'changed by the agent\n').join(''))
  write(at, 'new/deep/b.txt', 'made\n')
  sh(at, 'rm', '-q', 'gone.txt')
  write(at, 'pic.bin', Buffer.from([9, 255, 0]))
  chmodSync(join(at, 'bin/run'), 0o755)
}

const filesOf = (root: string) => sh(root, 'status', '--porcelain', '-uall')
const stored = (root: string, id: string) => findResult(join(root, '.git'), id)

test('what was applied is taken back byte for byte, new folders too, and can be applied again', async () => {
  const root = scratchRepo(FILES)
  write(root, 'a.txt', LINES.with(19, 'not committed\n').join(''))
  write(root, 'mine.txt', 'mine\n')
  if (!isWindows) chmodSync(join(root, 'a.txt'), 0o640)
  const before = filesOf(root)
  const { diff, kept } = await result(root, all)
  const index = sh(root, 'ls-files', '--stage')
  const end = await applyKept(root, kept, diff, { merge: false, clock: () => 5 })
  expect(end).toMatchObject({ status: 'applied', isMerged: false, files: expect.arrayContaining(['new/deep/b.txt']) })
  const applied = filesOf(root)
  expect(await stored(root, '7')).toMatchObject({ state: 'applied', root, appliedAt: 5, request: 'Do it\n\nAll of it' })

  const dry = await undoResult(root, (await stored(root, '7'))!, true)
  expect(dry).toMatchObject({ status: 'undone', deleted: ['new/deep/b.txt'] })
  expect(filesOf(root)).toBe(applied)

  expect(await undoResult(root, (await stored(root, '7'))!)).toEqual(dry)
  expect(filesOf(root)).toBe(before)
  expect(read(root, 'a.txt')).toBe(LINES.with(19, 'not committed\n').join(''))
  expect(readFileSync(join(root, 'pic.bin'))).toEqual(FILES['pic.bin'])
  expect(existsSync(join(root, 'new'))).toBe(false)
  expect(lstatSync(join(root, 'a.txt')).mode & 0o777).toBe(modeHere(0o640))
  expect(sh(root, 'ls-files', '--stage')).toBe(index)
  expect(await stored(root, '7')).toMatchObject({ state: 'undone' })

  await applyKept(root, (await stored(root, '7'))!, diff, { merge: true })
  expect(filesOf(root)).toBe(applied)
})

test('a file that was changed since keeps all of it from being taken back, and is named', async () => {
  for (const change of [
    (root: string) => write(root, 'a.txt', 'mine\n'),
    (root: string) => write(root, 'gone.txt', 'here again\n'),
    (root: string) => write(root, 'new/deep/b.txt', 'mine\n'),
    (root: string) => write(root, 'bin/run', ''),
  ]) {
    const root = scratchRepo(FILES)
    const { diff, kept } = await result(root, all)
    await applyKept(root, kept, diff, { merge: false })
    change(root)
    const after = filesOf(root)
    const end = await undoResult(root, (await stored(root, '7'))!)
    expect(end).toMatchObject({ status: 'changed', files: [expect.any(String)] })
    expect(filesOf(root)).toBe(after)
    expect(await stored(root, '7')).toMatchObject({ state: 'applied' })
  }
})

test('an undo that was killed can be done again: a file that is as before is no change', async () => {
  const root = scratchRepo(FILES)
  const before = filesOf(root)
  const { diff, kept } = await result(root, all)
  await applyKept(root, kept, diff, { merge: false })
  sh(root, 'clean', '-qf', 'new/deep/b.txt')
  sh(root, 'checkout', '-q', '--', 'a.txt')
  expect(await undoResult(root, (await stored(root, '7'))!)).toMatchObject({ status: 'undone' })
  expect(filesOf(root)).toBe(before)
})

test('where it does not fit it is merged three-way: nothing of either is lost, the index is not touched', async () => {
  const root = scratchRepo(FILES)
  const { diff, kept } = await result(root, all)
  write(root, 'a.txt', ['mine, above all\n', ...LINES.with(5, 'mine, below\n')].join(''))
  write(root, 'staged.txt', 'x\n')
  sh(root, 'add', 'staged.txt')
  const index = sh(root, 'ls-files', '--stage')
  expect((await applyKept(root, kept, diff, { merge: false })).status).toBe('clash')
  const dry = await applyKept(root, kept, diff, { merge: true, isDry: true })
  expect(dry).toMatchObject({ status: 'applied', isMerged: true })
  expect(read(root, 'a.txt')).not.toContain('agent')
  expect(await applyKept(root, kept, diff, { merge: true })).toMatchObject({ status: 'applied', isMerged: true })
  expect(read(root, 'a.txt')).toBe(
    ['mine, above all\n', ...LINES.with(2, 'changed by the agent\n').with(5, 'mine, below\n')].join(''),
  )
  expect(sh(root, 'ls-files', '--stage')).toBe(index)
  expect(await undoResult(root, (await stored(root, '7'))!)).toMatchObject({ status: 'undone' })
  expect(read(root, 'a.txt')).toBe(['mine, above all\n', ...LINES.with(5, 'mine, below\n')].join(''))
})

test.skipIf(isWindows || process.getuid?.() === 0)(
  'where the record cannot be written the result is applied all the same, and that it cannot be taken back is told',
  async () => {
    const root = scratchRepo(FILES)
    const { diff, kept } = await result(root, all)
    chmodSync(join(root, '.git/repose/results'), 0o500)
    expect(await applyKept(root, kept, diff, { merge: false })).toMatchObject({ status: 'applied', canUndo: false })
    chmodSync(join(root, '.git/repose/results'), 0o700)
  },
)

test('where both changed the same lines nothing is applied, and no conflict markers are left', async () => {
  const root = scratchRepo(FILES)
  const { diff, kept } = await result(root, all)
  write(root, 'a.txt', LINES.with(2, 'changed by me\n').join(''))
  const [before, index] = [filesOf(root), sh(root, 'ls-files', '--stage')]
  expect(await applyKept(root, kept, diff, { merge: true })).toEqual({ status: 'clash', files: ['a.txt'] })
  expect(filesOf(root)).toBe(before)
  expect(read(root, 'a.txt')).not.toContain('<<<<')
  expect(sh(root, 'ls-files', '--stage')).toBe(index)
})

test('of what is there already there is nothing to do', async () => {
  const root = scratchRepo(FILES)
  const { diff, kept } = await result(root, all)
  await applyKept(root, kept, diff, { merge: true })
  expect(await applyKept(root, kept, diff, { merge: true })).toEqual({ status: 'nothing' })
})

test('a diff whose base git no longer has fits as it is or not at all', async () => {
  const root = scratchRepo(FILES)
  const elsewhere = scratchRepo({ ...FILES, 'a.txt': ['other\n', ...LINES].join('') })
  const { diff, kept } = await result(elsewhere, (at) =>
    write(at, 'a.txt', ['other\n', ...LINES.with(2, 'x\n')].join('')),
  )
  write(root, 'a.txt', LINES.with(3, 'mine\n').join(''))
  expect(await applyKept(root, kept, diff, { merge: true })).toEqual({ status: 'clash', files: ['a.txt'] })
})

test('results are found by run or by the beginning of their id, the newest first; a broken record is none', async () => {
  const commonDir = scratchFolder()
  const keep = (run: number | null) => keepResult(commonDir, { diff: 'd\n', run, request: null })
  const [first, second, third] = [await keep(1), await keep(1), await keep(null)]
  expect((await listResults(commonDir)).map(({ id }) => id)).toEqual([third.id, second.id, first.id])
  expect((await findResult(commonDir, '1'))?.id).toBe(second.id) // the database may have been made anew
  expect((await findResult(commonDir, third.id))?.id).toBe(third.id)
  expect(await findResult(commonDir, '2')).toBeNull() // all of their ids begin so
  expect(await findResult(commonDir, '')).toBeNull()
  for (const text of ['{', '[]', 'null', '{"run": "1"}', JSON.stringify({ ...first, files: [{ path: 1 }] })]) {
    writeFileSync(first.diffPath.replace(/diff$/, 'json'), text)
    expect((await listResults(commonDir)).at(-1)).toMatchObject({ run: null, state: 'kept', files: [] })
  }
  for (const name of readdirSync(join(commonDir, 'repose/results')))
    expect(lstatSync(join(commonDir, 'repose/results', name)).mode & 0o777).toBe(modeHere(0o600))
})

test('of those that went where they were to go the fifty newest are kept, of those that did not all', async () => {
  const commonDir = scratchFolder()
  const keep = () => keepResult(commonDir, { diff: 'd\n', run: null, request: null })
  const waiting = await keep()
  for (let n = 0; n < 55; n++) await saveResult({ ...(await keep()), state: 'applied' })
  await keep()
  const states = (await listResults(commonDir)).map(({ state }) => state)
  expect(states.filter((state) => state === 'applied')).toHaveLength(50)
  expect((await findResult(commonDir, waiting.id))?.state).toBe('kept')
  expect(readdirSync(join(commonDir, 'repose/results'))).toHaveLength(2 * 52)
})

test.skipIf(isWindows)('a record that names what is outside of the repository takes nothing back', async () => {
  const root = scratchRepo(FILES)
  const outside = scratchFolder()
  symlinkSync(outside, join(root, 'link'))
  const { kept } = await result(root, all)
  for (const path of ['../x', '/etc/x', '.git/hooks/x', 'link/x', 'a/../../x']) {
    const before = { kind: 'file', base64: 'eA==', mode: 0o644 } as const
    await saveResult({ ...kept, state: 'applied', root, files: [{ path, before, after: null }] })
    expect(await undoResult(root, (await stored(root, '7'))!)).toEqual({ status: 'changed', files: [path] })
  }
  expect(readdirSync(outside)).toEqual([])
  expect(existsSync(join(root, '.git/hooks/x'))).toBe(false)
})

test('a result that could only be kept elsewhere is named by its path, and nothing says that it can be taken back', async () => {
  const root = scratchRepo(FILES)
  write(root, '.git/repose/results', 'a file in its place, as if there were no room')
  const { diff, kept } = await result(root, all)
  expect(isAside(kept)).toBe(true)
  expect(kept).toMatchObject({ id: kept.diffPath, run: null })
  expect(readFileSync(kept.id, 'utf8')).toBe(diff)
  expect(await applyKept(root, kept, diff, { merge: false })).toMatchObject({ status: 'applied', canUndo: false })
  expect(existsSync(kept.diffPath.replace(/diff$/, 'json'))).toBe(false)
})
