import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshFacts } from '../../agents/sleep/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { findFiles } from '../../src/retrieve/find-files.ts'
import { WEIGHTS } from '../../src/retrieve/score.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'

let fixture: FixtureRepo
let store: Store
let worktree: number
beforeAll(async () => {
  fixture = await copyFixture('bookshop-ts')
  store = openStore(join(fixture.root, '.git/x.db'))
  const settings = { maxFileBytes: 1e6, maxCommits: 500, processes: 1 }
  worktree = (await refreshFacts(await openRepo(fixture.root), store, settings)).worktree
})
afterAll(async () => {
  store.close()
  await fixture.dispose()
})

const learned = { at: 1, newest: 'x', features: 20, choice: 'history alone', shipped: 0.1, chosen: 0.2 }
const named = () =>
  findFiles(store, worktree, 'Add a pricing rule for teachers')
    .filter(({ role }) => role === 'modify')
    .map(({ path }) => path)

test('weights that the gate held back change nothing; those that it let through do', () => {
  const shipped = named()
  store.learning.saveRanking(worktree, { ...learned, weights: { title: 0, body: 0 }, shift: 3, adopted: false })
  expect(named()).toEqual(shipped)
  store.learning.saveRanking(worktree, { ...learned, weights: { ...WEIGHTS }, shift: 3, adopted: true })
  expect(named().length).toBeGreaterThan(shipped.length)
  const noWords = { ...WEIGHTS, title: 0, body: 0, paths: 0 }
  store.learning.saveRanking(worktree, { ...learned, weights: noWords, shift: 0, adopted: true })
  expect(named()).not.toEqual(shipped)
  const { uses: _, ...ofBefore } = noWords
  store.learning.saveRanking(worktree, { ...learned, weights: ofBefore, shift: 3, adopted: true }) // by a version with other signals
  expect(named()).toEqual(shipped)
})
