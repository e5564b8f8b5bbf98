import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ARMS } from '../../src/backtest/arms/index.ts'
import { chooseArms } from '../../src/backtest/choose-arms.ts'
import { nameFirst } from '../../src/backtest/name-first.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import type { WorkingTree } from '../../src/retrieve/signal.ts'
import { openStore } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { removeFolder } from '../helpers/platform.ts'

const REQUEST = 'Add a config schema for the CSV formatter'

let shop: FixtureRepo
let tree: WorkingTree
const folder = mkdtempSync(join(tmpdir(), 'repose-arms-'))
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts')
  const store = openStore(join(folder, 'facts.db'))
  const { worktree } = await refreshFacts(await openRepo(shop.root), store, {
    maxFileBytes: 1_000_000,
    maxCommits: 1000,
  })
  tree = { store, worktree }
})
afterAll(async () => {
  tree.store.close()
  removeFolder(folder)
  await shop.dispose()
})

test.each(ARMS)('$id lists each file once, names some of them, and says the same again', (arm) => {
  const { files, named } = arm.rank(readRequest(REQUEST), tree)
  expect(files.length).toBeGreaterThan(3)
  expect(new Set(files).size).toBe(files.length)
  expect(named.length).toBeGreaterThan(0)
  expect(named.every((path) => files.includes(path))).toBe(true)
  for (const path of files) expect(tree.store.facts.isReadable(tree.worktree, path)).toBe(true)
  expect(arm.rank(readRequest(REQUEST), tree)).toMatchObject({ files, named })
})

test.each(ARMS)('$id has nothing to say to a request that nothing speaks of, and survives any text', (arm) => {
  for (const request of ['', '  \n', 'zzqqxx', '"*^(', '中文', `${'word '.repeat(4000)}`, "'; DROP TABLE file; --"]) {
    const { files, named } = arm.rank(readRequest(request), tree)
    expect(named.length).toBeLessThanOrEqual(files.length)
  }
  expect(arm.rank(readRequest('zzqqxx'), tree).named).toEqual([])
})

test('arms are chosen by name, in the order of the table', () => {
  expect(chooseArms([])).toEqual(ARMS)
  expect(chooseArms(['repose', 'bm25']).map(({ id }) => id)).toEqual(['bm25', 'repose'])
  expect(() => chooseArms(['bm52'])).toThrow("there is no arm 'bm52'")
})

test('an arm without a cut of its own names its first five source files', () => {
  const sources = Array.from({ length: 7 }, (_, i): [string, number] => [`src/${i}.ts`, 7 - i])
  const { files, named } = nameFirst([...sources, ['docs/a.md', 9], ['src/none.ts', 0]])
  expect(files).toEqual(['docs/a.md', ...sources.map(([path]) => path)])
  expect(named).toEqual(files.slice(1, 6))
})
