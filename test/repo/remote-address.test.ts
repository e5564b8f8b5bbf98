import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { git } from '../../src/repo/git.ts'
import { remoteAddress } from '../../src/repo/remote-address.ts'
import { remoteNamed } from '../../src/repo/remote-named.ts'
import type { Traced } from '../../src/trace.ts'
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

test('a remote is read with the addresses that git uses, by one process where there is one', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  onTestFinished(() => removeFolder(root))
  const started: string[] = []
  const note = (message: unknown) => void started.push((message as Traced).what)
  subscribe('repose:trace', note)
  onTestFinished(() => void unsubscribe('repose:trace', note))
  await git(root, ['remote', 'add', 'forge', 'short:owner/name (push)'])
  await git(root, ['config', 'url.https://example.org/.insteadOf', 'short:'])
  await git(root, ['config', 'remote.forge.partialCloneFilter', 'blob:none'])
  await git(root, ['config', 'remote.forge.promisor', 'true'])
  started.length = 0
  const [fetchUrl, pushUrl] = ['https://example.org/owner/name (push)', 'git@example.org:me/name']
  expect(await remoteNamed(root, undefined)).toEqual({ name: 'forge', fetchUrl, pushUrl: fetchUrl })
  expect(started).toEqual(['git remote --verbose'])
  await git(root, ['config', 'remote.forge.pushurl', pushUrl])
  await git(root, ['config', '--add', 'remote.forge.url', 'https://example.org/second'])
  await git(root, ['config', '--add', 'remote.forge.pushurl', 'https://example.org/third'])
  expect(await remoteNamed(root, undefined)).toEqual({ name: 'forge', fetchUrl, pushUrl })
  await git(root, ['config', 'remote.empty.fetch', '+refs/heads/*:refs/remotes/empty/*'])
  await git(root, ['config', 'remote.option.url', '--upload-pack=x'])
  await git(root, ['config', 'remote.near.url', '../near'])
  for (const name of ['empty', 'option'])
    await expect(remoteNamed(root, name)).rejects.toThrow(`the remote ${name} has no address`)
  expect((await remoteNamed(root, 'near')).fetchUrl).toBe(resolve(root, '../near'))
})
