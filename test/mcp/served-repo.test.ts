import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServedIndex } from '../../agents/served/served-index.ts'
import { openServed, type ServedRepo } from '../../agents/served/served-repo.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'

let shop: FixtureRepo
let served: ServedRepo
let runs: ServedIndex[]
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  served = await openServed(await openRepo(shop.root), {})
  runs = []
})
afterEach(async () => {
  await served.close()
  await shop.dispose()
})

const signal = new AbortController().signal
const mayRepeat = true

/** The number of definitions of a name that the fixture does not have. */
async function count(index: ServedIndex): Promise<number> {
  runs.push(index)
  return index.store.facts.symbolsNamed(index.worktree, 'brandNew', 9).length
}

test('if there are no changes, an answer is made once, while the refresh looks for them', async () => {
  await served.answer(count, signal, { mayRepeat })
  runs = []
  const order: string[] = []
  const fresh = served.fresh(signal).then(() => order.push('refreshed'))
  const { result } = await served.answer((index) => count(index).finally(() => order.push('made')), signal, {
    mayRepeat,
  })
  await fresh
  expect([result, runs.length, order]).toEqual([0, 1, ['made', 'refreshed']])
})

test('an answer that was begun without a file that was just written is stopped, and made again', async () => {
  await served.answer(count, signal, { mayRepeat })
  await shop.write('src/new.ts', 'export function brandNew() {}\n')
  runs = []
  const { result } = await served.answer(count, signal, { mayRepeat })
  expect([result, ...runs.map((index) => index.signal.aborted)]).toEqual([1, true, false])
  await shop.write('src/new.ts', 'export function brandNew() {}\nexport class Other {\n  brandNew() {}\n}\n')
  const failsFirst = async (index: ServedIndex) => {
    const found = await count(index)
    if (found < 2) throw new Error('not found')
    return found
  }
  expect((await served.answer(failsFirst, signal, { mayRepeat })).result).toBe(2)
})

test('a commit that changes no file is noticed', async () => {
  await served.answer(count, signal, { mayRepeat })
  await shop.git('commit', '-q', '--allow-empty', '-m', 'Nothing')
  runs = []
  const { freshness } = await served.answer(count, signal, { mayRepeat })
  const head = (await shop.git('rev-parse', 'HEAD')).trim()
  expect([freshness.head, ...runs.map(({ repo }) => repo.head === head)]).toEqual([head, false, true])
})

test('what another process writes while an answer is begun is in it', async () => {
  await served.answer(count, signal, { mayRepeat })
  const other = openStore(join(shop.root, '.git/repose/repose.db'))
  const passes = async ({ store }: ServedIndex) => {
    const found = store.db.value<number>('SELECT count(*) FROM pass')
    if (found === 0) other.ledger.startPass(0, 'model', shop.root)
    return found
  }
  expect((await served.answer(passes, signal, { mayRepeat })).result).toBe(1)
  other.close()
})

test('work that may not repeat runs once, after the refresh', async () => {
  await served.answer(count, signal)
  await shop.write('src/new.ts', 'export function brandNew() {}\n')
  runs = []
  expect((await served.answer(count, signal)).result).toBe(1)
  expect(runs.length).toBe(1)
})

test('a warm server begins its first answer early, but not from an index that is behind', async () => {
  await served.answer(count, signal)
  for (const text of ['', 'export function brandNew() {}\n']) {
    if (text) await shop.write('src/new.ts', text)
    const order: string[] = []
    const warm = await openServed(await openRepo(shop.root), {})
    await warm.warm()
    runs = []
    const fresh = warm.fresh(signal).then(() => order.push('refreshed'))
    await warm.answer((index) => count(index).finally(() => order.push('made')), signal, { mayRepeat })
    await fresh
    await warm.close()
    expect([order, runs.length]).toEqual([text ? ['refreshed', 'made'] : ['made', 'refreshed'], 1])
  }
})

test('warming makes no database', async () => {
  const fresh = await copyFixture('ferry-py')
  const cold = await openServed(await openRepo(fresh.root), {})
  cold.warm()
  await cold.close()
  expect(existsSync(join(fresh.root, '.git/repose'))).toBe(false)
  await fresh.dispose()
})
