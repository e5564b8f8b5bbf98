import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { endWhenWhole } from '../../src/processes/uninterrupted.ts'
import { applyToTree } from '../../src/repo/apply-result.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchRepo, sh } from './scratch-repo.ts'

test.skipIf(isWindows)('a filter that hangs while git writes is ended, and the file is as it was', async () => {
  const root = scratchRepo({ 'a.txt': 'one\n', 'b.txt': 'one\n' })
  for (const name of ['a.txt', 'b.txt']) writeFileSync(join(root, name), 'two\n')
  const diff = execFileSync('git', ['diff'], { cwd: root, encoding: 'utf8' })
  for (const name of ['a.txt', 'b.txt']) writeFileSync(join(root, name), 'one\n')
  const begun = join(root, '.git', 'begun')
  writeFileSync(join(root, '.git', 'info', 'attributes'), '*.txt filter=slow\n')
  sh(root, 'config', 'filter.slow.smudge', `sh -c 'touch ${begun}; sleep 300'`)
  const applied = applyToTree(root, diff)
  const failed = expect(applied).rejects.toThrow('interrupted while files were written')
  while (!existsSync(begun)) await wait(10)
  let hasEnded = false
  const end = () => {
    hasEnded = true
  }
  expect(endWhenWhole(end, 100)).toBe(false)
  await failed
  await expect.poll(() => hasEnded).toBe(true)
  for (const name of ['a.txt', 'b.txt']) expect(readFileSync(join(root, name), 'utf8')).toBe('one\n')
})
