import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { extractBlobs } from '../../src/repo/extract-blobs.ts'
import { scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

const small = join(scratchFolder(), 'small')
mkdirSync(small)
// A file system of its own takes Linux and the right to mount one.
const isMounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', small]).status === 0
afterAll(() => {
  if (isMounted) spawnSync('umount', [small])
  rmdirSync(small)
})

test.skipIf(!isMounted).each([
  ['bytes', 'size=300k', 'long '.repeat(100_000)],
  ['files', 'nr_inodes=3', 'short'],
])('where git finds no room for more %s, that is said', async (_, room, text) => {
  const root = scratchRepo({ 'a.txt': `a ${text}`, 'b.txt': `b ${text}`, 'c.txt': `c ${text}` })
  const blobs = ['a', 'b', 'c'].map((name) => sh(root, 'rev-parse', `HEAD:${name}.txt`).trim())
  expect(await extractBlobs(root, blobs, scratchFolder(), 1_000_000)).toEqual(blobs)
  expect(spawnSync('mount', ['-o', `remount,size=10m,nr_inodes=100,${room}`, small]).status).toBe(0)
  await expect(extractBlobs(root, blobs, small, 1_000_000)).rejects.toMatchObject({
    message: 'no space left on the disk',
    fix: 'free some space and run it again: what was saved before is kept',
    exitCode: 1,
  })
  for (const name of readdirSync(small)) rmSync(join(small, name))
})

test('nothing is left in the folder of a repository with a split index, and no hook runs', async () => {
  const root = scratchRepo({ 'a.txt': 'a' })
  sh(root, 'config', 'core.splitIndex', 'true')
  write(root, '.git/hooks/post-index-change', '#!/bin/sh\ntouch .git/hook-ran\n')
  chmodSync(join(root, '.git/hooks/post-index-change'), 0o755)
  const before = readdirSync(join(root, '.git'))
  const blob = sh(root, 'rev-parse', 'HEAD:a.txt').trim()
  expect(await extractBlobs(root, [blob], scratchFolder(), 100)).toEqual([blob])
  expect(readdirSync(join(root, '.git'))).toEqual(before)
})
