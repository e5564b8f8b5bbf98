import { expect, onTestFinished, test } from 'vitest'
import { git } from '../../src/repo/git.ts'
import { remoteAddress } from '../../src/repo/remote-address.ts'
import { removeFolder } from '../helpers/platform.ts'
import { scratchRepo } from './scratch-repo.ts'

test('of several remotes the one that the branch follows is asked, else origin, else the only one', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  onTestFinished(() => removeFolder(root))
  const address = () => remoteAddress(root)
  expect(await address()).toBeNull()
  await git(root, ['remote', 'add', 'forge', 'https://codeberg.org/owner/name'])
  expect(await address()).toBe('https://codeberg.org/owner/name')
  await git(root, ['remote', 'add', 'fork', 'https://codeberg.org/me/name'])
  expect(await address()).toBeNull()
  await git(root, ['remote', 'add', 'origin', 'https://github.com/owner/name'])
  expect(await address()).toBe('https://github.com/owner/name')
  await git(root, ['checkout', '-q', '-b', 'work'])
  await git(root, ['config', 'branch.work.remote', 'fork'])
  await git(root, ['config', 'branch.work.merge', 'refs/heads/work'])
  expect(await address()).toBe('https://codeberg.org/me/name')
  await git(root, ['config', 'branch.work.remote', '.'])
  expect(await address()).toBe('https://github.com/owner/name')
  await git(root, ['checkout', '-q', '--detach'])
  expect(await address()).toBe('https://github.com/owner/name')
})
