import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { explainSubject } from '../../agents/served/explain-subject.ts'
import { DEFAULTS } from '../../src/config/defaults.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { SUMMARY_KINDS } from '../../src/summary/kinds/index.ts'
import { fileSourceHash } from '../../src/summary/source-hash.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'

let shop: FixtureRepo
let store: Store
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { history: false, indexed: true })
  store = openStore(join(shop.root, '.git/repose/repose.db'))
})
afterEach(async () => {
  store.close()
  await shop.dispose()
})

test('a file is explained with all of its summary: what to watch out for is not cut off', async () => {
  const repo = await openRepo(shop.root)
  const { worktree } = await refreshFacts(repo, store, DEFAULTS)
  const { blob, language } = store.facts.file(worktree, 'src/vat.ts')!
  const long =
    'computes the tax of an order in the currency of its country and rounds it to the cent as the law wants. '
  store.summaries.save('src/vat.ts', {
    ...{ kind: 'file', model: 'scripted', promptVersion: SUMMARY_KINDS.file.promptVersion, writtenAt: 1 },
    sourceHash: fileSourceHash(blob!, language!),
    body: {
      purpose: long,
      changesWith: long.repeat(2),
      watchOut: 'totals are cached for a day',
      concepts: [],
      symbols: [],
    },
  })
  const signal = new AbortController().signal
  const explained = await explainSubject('src/vat.ts', { repo, store, worktree, signal, maxFileBytes: 1e6 } as never)
  expect(explained!.text).toContain('Careful: totals are cached for a day')
})

test("'Last changed' names wide commits, too; what changes with a file is counted among its narrow commits, and the line says so", async () => {
  for (const rate of [0.2, 0.21]) {
    await shop.write('src/vat.ts', `export const VAT = ${rate}\n`)
    await shop.write('README.md', `# Shop\n\nVAT is ${rate}.\n`)
    await shop.git('commit', '-qam', `Raise VAT to ${rate}`)
  }
  for (let n = 0; n < 35; n++) await shop.write(`src/wide${n}.ts`, 'export {}\n')
  await shop.write('src/vat.ts', 'export const VAT = 0.22\n')
  await shop.git('add', '-A')
  await shop.git('commit', '-qm', 'Format everything')
  const repo = await openRepo(shop.root)
  const { worktree } = await refreshFacts(repo, store, DEFAULTS)
  const signal = new AbortController().signal
  const explained = await explainSubject('src/vat.ts', { repo, store, worktree, signal, maxFileBytes: 1e6 } as never)
  expect(explained!.text).toMatch(/^Last changed: \S+ \S+ Format everything; \S+ \S+ Raise VAT to 0\.21;/m)
  expect(explained!.text).toMatch(/^Of its last \d commits of at most 30 files also changed: README.md \(\d\)/m)
})
