import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import type { Hits } from '../../src/retrieve/signal.ts'
import { folderChangeHits } from '../../src/retrieve/signals/co-change.ts'
import { useHits } from '../../src/retrieve/signals/uses.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { handMadeStore } from '../helpers/hand-made-store.ts'

let fixture: FixtureRepo
let store: Store
let worktree: number
beforeAll(async () => {
  fixture = await copyFixture('bookshop-ts')
  store = openStore(join(fixture.root, '.git/x.db'))
  const options = { maxFileBytes: 1e6, maxCommits: 500, processes: 1 }
  worktree = (await refreshFacts(await openRepo(fixture.root), store, options)).worktree
})
afterAll(async () => {
  store.close()
  await fixture.dispose()
})

const seeds = (...paths: string[]) => new Map(paths.map((path) => [path, 1 / paths.length]))
const told = (hits: Hits) => Object.fromEntries([...hits].map(([path, { why }]) => [path, why()]))

test('who uses what a seed defines, and what defines what it uses, by the names that the request speaks of', () => {
  const question = askOf(store, worktree, readRequest('Format the price of a cart'))
  const users = told(useHits(question, seeds('src/money.ts')))
  expect(users['src/formatters/text.ts']).toBe('uses formatPence, a name of src/money.ts')
  expect(users['src/book.ts']).toBe('uses Pence, a name of src/money.ts')
  expect(users).not.toHaveProperty('src/money.ts')
  const definers = told(useHits(question, seeds('src/formatters/text.ts')))
  expect(definers['src/money.ts']).toBe('defines formatPence, a name that src/formatters/text.ts uses')
})

test('a name of another language is another name', () => {
  const { store, worktree } = handMadeStore({
    'src/book.rs': { defines: ['init'] },
    'src/watch.rs': { uses: ['init'] },
    'front/search.js': { defines: ['find'] },
    'front/page.vue': { uses: ['find', 'init'] },
    'bin/start': { uses: ['init'] },
  })
  const question = askOf(store, worktree, readRequest('Add init'))
  expect(Object.keys(told(useHits(question, seeds('src/book.rs')))).sort()).toEqual(['bin/start', 'src/watch.rs'])
  expect(Object.keys(told(useHits(question, seeds('front/search.js'))))).toEqual(['front/page.vue'])
})

test('what changes with a folder, whichever of its files it was', () => {
  const hits = folderChangeHits({ store, worktree }, seeds('src/pricing/student.ts'))
  expect(told(hits)).toMatchObject({
    'src/pricing/index.ts': 'changed with others in 3 of the last 3 small commits to src/pricing/',
    'src/config/schema.ts': 'changed with others in 3 of the last 3 small commits to src/pricing/',
    'src/receipt.ts': 'changed with others in 1 of the last 3 small commits to src/pricing/',
  })
  expect(hits.get('src/config/schema.ts')!.score).toBeGreaterThan(hits.get('src/receipt.ts')!.score)
  expect(folderChangeHits({ store, worktree }, seeds('README.md')).size).toBe(0) // everything stands in the root
  const both = folderChangeHits({ store, worktree }, seeds('src/pricing/student.ts', 'src/pricing/index.ts'))
  expect(both.get('src/config/schema.ts')!.score).toBeCloseTo(hits.get('src/config/schema.ts')!.score) // of one folder
})
