import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { findFiles } from '../../src/pack/find-files.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { nameFiles, predictabilityOf } from '../../src/retrieve/name-files.ts'
import { askOf, gatherSignals } from '../../src/retrieve/rank-files.ts'
import { combine } from '../../src/retrieve/score.ts'
import { isSpokenOf, MEANT_ANYWAY, unknownWords } from '../../src/retrieve/spoken-of.ts'
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

const ask = (request: string) => askOf(store, worktree, readRequest(request))

test('half of the words must stand in files', () => {
  expect(isSpokenOf(ask('Add a discount to the price of an order'))).toBe(true)
  expect(isSpokenOf(ask('Book a table with mushrooms, olives, cheese, pineapple and anchovies'))).toBe(false)
  expect(isSpokenOf(ask('Bücher nach Verlag und Erscheinungsjahr sortieren'))).toBe(false)
})

test('a title of new words is spoken of where the text is, and one that says nothing is not held against the request', () => {
  expect(isSpokenOf(ask('Zorblax frobnication'))).toBe(false)
  expect(
    isSpokenOf(ask('Zorblax frobnication\n\nThe discount of an order, its price, its books and its report.')),
  ).toBe(true)
  expect(isSpokenOf(ask('Add support'))).toBe(true)
})

test('a request about something else names the same files, each less likely, and is less predictable', () => {
  const request = 'Book a table with mushrooms, olives, cheese, pineapple and anchovies'
  const as = nameFiles(combine(gatherSignals(ask(request)).signals))
  const found = findFiles(store, worktree, readRequest(request))
  expect(found.map(({ path, role }) => [path, role])).toEqual(as.map(({ path, role }) => [path, role]))
  expect(found.map(({ score }) => score)).toEqual(as.map(({ score }) => MEANT_ANYWAY * score))
  expect(predictabilityOf(found)).toBeLessThan(predictabilityOf(as) / 2)
})

test('words that no file holds are told as they are written, each once', () => {
  expect(unknownWords(ask('Add Mushrooms, mushrooms and an order of olives'))).toEqual(['Mushrooms', 'olives'])
  expect(unknownWords(ask('セッションに橄欖を追加'))).toEqual([]) // pairs of characters are no words
})
