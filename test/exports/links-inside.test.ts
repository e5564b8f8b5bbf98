import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchRepo } from '../repo/scratch-repo.ts'

const REFUSED = /^error: [^\n]*leads through a symbolic link of the repository[^\n]*\nfix: /

test('--write follows no link of the repository, also to a place in it', async () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  symlinkSync('src', join(root, 'docs'))
  writeFileSync(join(root, 'src/llms.txt'), 'mine\n')
  const { code, stderr } = await runRepose(['export', 'llms-txt', '--write', 'docs/llms.txt', '--force'], {
    cwd: root,
  })
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(REFUSED) })
  expect(readFileSync(join(root, 'src/llms.txt'), 'utf8')).toBe('mine\n')
})

test('--db follows no link of the repository', async () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  mkdirSync(join(root, '../elsewhere'))
  symlinkSync('../elsewhere', join(root, 'data'))
  expect(lstatSync(join(root, 'data')).isSymbolicLink()).toBe(true)
  const { code, stderr } = await runRepose(['index', '--db', 'data/x.db'], { cwd: root })
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(REFUSED) })
  expect(existsSync(join(root, '../elsewhere/x.db'))).toBe(false)
})
