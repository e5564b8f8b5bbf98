import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { programPath } from '../../src/processes/program-path.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

test('on Windows a program is looked up in PATH, and not where one stands', () => {
  const there = new Set([
    'git.exe',
    '.\\git.exe',
    'C:\\shop\\git.exe',
    'C:\\Program Files\\Git\\cmd\\git.exe',
    '\\\\nas\\bin\\git.exe',
  ])
  const find = (path: string) => programPath('git', path, 'win32', (file) => there.has(file))
  expect(find(';.;\\bin;bin;"C:\\Program Files\\Git\\cmd";C:\\other')).toBe('C:\\Program Files\\Git\\cmd\\git.exe')
  expect(find('\\\\nas\\bin')).toBe('\\\\nas\\bin\\git.exe')
  expect(find(';.;C:shop;\\shop')).toBe(null)
})

test.skipIf(isWindows)('elsewhere, neither an empty entry of PATH nor a relative one counts', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n', 'bin/git': '#!/bin/sh\ntouch "$MARK"\n' })
  writeFileSync(join(root, 'git'), '#!/bin/sh\ntouch "$MARK"\n')
  for (const file of ['git', 'bin/git']) chmodSync(join(root, file), 0o755)
  const none = scratchFolder()
  mkdirSync(join(none, 'git')) // a folder is no program
  const { PATH = '' } = process.env
  expect(programPath('git', `:.:bin:./bin:${none}:${PATH}`)).toBe(programPath('git', PATH))
  const mark = join(scratchFolder(), 'mark')
  const run = await runRepose(['index'], { cwd: root, env: { PATH: `:.:bin:${PATH}`, MARK: mark } })
  expect(run.code).toBe(0)
  const lost = await runRepose(['index'], { cwd: root, env: { PATH: `:.:bin:${none}`, MARK: mark } })
  expect(lost).toMatchObject({ code: 2, stderr: expect.stringContaining('error: git was not found') })
  expect(existsSync(mark)).toBe(false)
})
