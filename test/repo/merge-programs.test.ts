import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { mergeDiff } from '../../src/repo/merge-diff.ts'
import { scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

afterEach(() => vi.unstubAllEnvs())

const LINES = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('')

test('no merge driver of the user runs on files that a clone has chosen for it', async () => {
  const root = scratchRepo({ 'a.ts': LINES, '.gitattributes': '*.ts merge=one\n' })
  const folder = scratchFolder()
  const ran = join(folder, 'ran')
  writeFileSync(join(folder, 'config'), `[merge "one"]\n\tdriver = echo >'${ran}'\n[merge]\n\tdefault = one\n`)
  write(root, 'a.ts', LINES.replace('line 3\n', 'line three\n'))
  const diff = sh(root, 'diff', '--full-index')
  write(root, 'a.ts', LINES.replace('line 1\n', 'line one\nand more\n'))
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'config'))
  expect(await mergeDiff(root, diff)).toMatchObject({ diff: expect.stringContaining('+line three') })
  expect(existsSync(ran)).toBe(false)
})
