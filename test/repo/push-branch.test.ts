import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { pushNewBranch } from '../../src/repo/push-branch.ts'
import { scratchRepo } from './scratch-repo.ts'

test('a remote that fails is named without what its address holds', async () => {
  const root = scratchRepo({ 'a.ts': '' })
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const address = 'http://ada:pass-word-1@127.0.0.1:1/x.git?private_token=abc-token-2'
  execFileSync('git', ['remote', 'add', 'origin', address], { cwd: root })
  const failed = await pushNewBranch(root, 'origin', 'b', head).catch((error: Error) => error.message)
  expect(failed).toContain("unable to access 'http://127.0.0.1:1/x.git")
  expect(failed).not.toMatch(/pass-word-1|abc-token-2/)
})
