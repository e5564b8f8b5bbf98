import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/config/read-config.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { makePack } from '../../src/pack/make-pack.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { openStore } from '../../src/store/open-store.ts'
import { copyFixture } from '../helpers/fixture-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'

test.each([
  'Add a CSV output format',
  'How is a new formatter registered?',
  'Where are prices rounded?',
  'zzqqy xylograph',
])('the command line and the library give the same pack: %s', async (text) => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  await runRepose(['sleep'], { cwd: shop.root })
  const printed = JSON.parse((await runRepose(['context', text, '--json'], { cwd: shop.root })).stdout)

  const repo = await openRepo(shop.root)
  const { maxFileBytes, maxCommits, packTokens } = await readConfig(repo.root)
  const store = openStore(`${repo.commonDir}/repose/repose.db`)
  onTestFinished(() => store.close())
  const { worktree } = await refreshFacts(repo, store, { maxFileBytes, maxCommits, processes: 1 })
  const options = { root: repo.root, worktree, budgetTokens: packTokens }
  const pack = await makePack(readRequest(text), store, options)
  expect(printed.text).toBe(pack.text)
  expect(printed.tokens).toBe(pack.tokens)
  expect(printed.files.map(({ path }: { path: string }) => path)).toEqual(pack.files.map(({ path }) => path))
  expect(printed.recipe?.line ?? null).toBe(pack.recipeLine)
  expect(printed.predictability).toBeCloseTo(pack.predictability)
})
