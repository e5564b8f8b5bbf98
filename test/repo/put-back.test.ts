import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { putBack, readStanding } from '../../src/repo/put-back.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from './scratch-repo.ts'

test('a file that another program takes away between two looks counts as absent', async () => {
  const root = scratchFolder()
  writeFileSync(join(root, 'a'), 'a\n')
  const toAndFro = `const { renameSync } = require('fs'); for (;;) { renameSync('a', 'b'); renameSync('b', 'a') }`
  const other = spawn(process.execPath, ['-e', toAndFro], { cwd: root })
  onTestFinished(() => void other.kill('SIGKILL'))
  const seen = new Set<string>()
  for (let i = 0; i < 300; i++)
    for (const { content } of await readStanding(root, Array(20).fill('a'))) seen.add(content?.bytes.toString() ?? '')
  expect([...seen].sort()).toEqual(['', 'a\n'])
})

test.skipIf(isWindows)('files that cannot be put back are named to the user', async () => {
  const root = scratchFolder()
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'src/a'), 'a\n')
  const before = await readStanding(root, ['src/a'])
  const elsewhere = { ...before[0]!, path: '../a' } // as if a folder had become a link
  await expect(putBack([elsewhere], null)).rejects.toThrow(UserError)
})
