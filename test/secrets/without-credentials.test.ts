import { expect, test } from 'vitest'
import { withoutCredentials } from '../../src/secrets/without-credentials.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchRepo, sh } from '../repo/scratch-repo.ts'

test.each([
  ['git fetch -- https://bob:pa@ss@127.0.0.1:9/x.git +a:b', 'git fetch -- https://127.0.0.1:9/x.git +a:b'],
  ['ssh://bob:secret1@h/x', 'ssh://h/x'],
  ['https://h/x.git?access_token=abc&b=c +a', 'https://h/x.git +a'],
  ['git show HEAD:src/a@b.js', 'git show HEAD:src/a@b.js'],
])('%s', (given, shown) => {
  expect(withoutCredentials(given)).toBe(shown)
})

test('--verbose shows no password of a remote', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  sh(root, 'remote', 'add', 'origin', 'https://bob:Tr0ub4dor-9x@127.0.0.1:9/x.git?private_token=Ab12Cd34Ef')
  const { stderr } = await runRepose(['pull', '-v'], { cwd: root })
  expect(stderr).toMatch(/git [^\n]*fetch [^\n]*127\.0\.0\.1:9/)
  expect(stderr).not.toMatch(/Tr0ub4dor|Ab12Cd34Ef/)
})
