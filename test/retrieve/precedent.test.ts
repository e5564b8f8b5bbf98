import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { precedentOf } from '../../src/retrieve/precedent.ts'
import { openStore } from '../../src/store/open-store.ts'
import { pastRepo } from '../helpers/past-repo.ts'

const COMMITS = [
  { subject: 'Start', paths: ['src/main.ts', 'src/run.ts', 'README.md'] },
  { subject: 'Add a cache folder option', paths: ['src/flags.ts', 'docs/flags.md', 'completions/bash', 'src/gone.ts'] },
  { subject: 'Add a log folder option', paths: ['src/flags.ts', 'docs/flags.md', 'completions/bash'] },
  { subject: 'Fix the cache', paths: ['src/cache.ts'] },
  ...Array.from({ length: 12 }, (_, i) => ({ subject: `Tidy room ${i}`, paths: [`src/room${i}.ts`] })),
]

async function precedentFor(request: string) {
  const root = pastRepo(COMMITS)
  rmSync(join(root, 'src/gone.ts'))
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  const settings = { maxFileBytes: 1e6, maxCommits: 500, processes: 1 }
  const { worktree } = await refreshFacts(await openRepo(root), store, settings)
  return precedentOf(readRequest(request).terms, store, worktree)
}

test('the past change that shares the rarest words is named, with all its files that still exist', async () => {
  expect(await precedentFor('Add a cache folder for downloads')).toEqual({
    subject: 'Add a cache folder option',
    paths: ['completions/bash', 'docs/flags.md', 'src/flags.ts'],
  })
})

test('of two changes that are equally like the request, the newer one is named', async () => {
  expect((await precedentFor('Add a temporary folder option'))?.subject).toBe('Add a log folder option')
})

test('nothing is named if no subject shares a third of the rarity of the title', async () => {
  expect(await precedentFor('Print the weather of tomorrow')).toBeNull()
})

test('a change of one file is no precedent', async () => {
  expect((await precedentFor('Fix the cache'))?.subject).toBe('Add a cache folder option')
})
