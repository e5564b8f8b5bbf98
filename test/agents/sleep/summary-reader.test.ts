import { expect, test } from 'vitest'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { summaryReader } from '../../../src/summary/summary-reader.ts'
import { processorMs } from '../../helpers/processor-ms.ts'
import { sh, write } from '../../repo/scratch-repo.ts'
import { fileNote, noteOn, noting } from './note-model.ts'
import { type Lab, openLab, SHOP } from './sleep-lab.ts'

async function refresh({ root, store }: Lab): Promise<number> {
  return (await refreshFacts(await openRepo(root), store, { maxFileBytes: 1_000_000, maxCommits: 100, processes: 1 }))
    .worktree
}

/** A model that says the same of every file, and of addVat what is given. */
const telling = (purpose: string, does = 'adds a fifth') =>
  noting((request) => {
    if (request.purpose !== 'file-summary') return noteOn(request)
    const symbols = request.messages[1]!.content.includes('function addVat') ? [{ name: 'addVat', does }] : []
    return fileNote({ purpose, changesWith: 'the price list', concepts: ['levy'], symbols })
  })

test('a pack reads a fresh summary, and where a model wrote none, the authors words', async () => {
  const lab = await openLab()
  await lab.pass(null)
  const worktree = await refresh(lab)
  const before = summaryReader(lab.store, worktree)
  expect(before('src/cart/vat.ts', '')).toBeNull() // its comment stands on the function
  expect(before('src/cart/vat.ts#addVat', 'x')).toBeNull()
  expect(before('src/cart/nowhere.ts', '')).toBeNull()
  expect(before('src/cart/', '')).toEqual({ text: expect.stringContaining('holds cart.ts, vat.ts.'), stale: false })

  await lab.pass(telling('keeps prices'))
  const [symbol] = lab.store.facts.symbols(worktree, 'src/cart/vat.ts')
  const summaryOf = summaryReader(lab.store, worktree)
  expect(summaryOf('src/cart/vat.ts', '')).toEqual({
    text: 'keeps prices. Changes with: the price list.',
    stale: false,
  })
  expect(summaryOf('src/cart/vat.ts#addVat', symbol!.hash)).toEqual({ text: 'adds a fifth', stale: false })
  expect(summaryOf('src/cart/cart.ts#Cart', 'x')).toBeNull()
  expect(summaryOf('.', '')!.text).toMatch(/^sells books/)
})

test('after an edit the earlier summary is shown as stale, until the authors words or a pass replace it', async () => {
  const lab = await openLab()
  await lab.pass(telling('keeps prices'))
  write(lab.root, 'src/cart/vat.ts', SHOP['src/cart/vat.ts']!.replace('1.2', '1.25'))
  const worktree = await refresh(lab)
  const [symbol] = lab.store.facts.symbols(worktree, 'src/cart/vat.ts')
  const summaryOf = summaryReader(lab.store, worktree)
  expect(summaryOf('src/cart/vat.ts', '')).toMatchObject({ stale: true, text: expect.stringContaining('keeps prices') })
  expect(summaryOf('src/cart/vat.ts#addVat', symbol!.hash)).toEqual({ text: 'adds a fifth', stale: true })

  write(lab.root, 'src/cart/vat.ts', `/** All about taxes. */\n\nconst RATE = 1.25\n${SHOP['src/cart/vat.ts']}`)
  await refresh(lab)
  expect(summaryOf('src/cart/vat.ts', '')).toEqual({ text: 'All about taxes.', stale: false })
  await lab.pass(telling('keeps rates'))
  expect(summaryOf('src/cart/vat.ts', '')).toMatchObject({ stale: false, text: expect.stringContaining('keeps rates') })
})

test('a definition of which nothing is said any more has no summary', async () => {
  const lab = await openLab()
  await lab.pass(telling('keeps prices'))
  write(lab.root, 'src/cart/vat.ts', SHOP['src/cart/vat.ts']!.replace('1.2', '1.25'))
  await lab.pass(noting())
  const worktree = await refresh(lab)
  expect(summaryReader(lab.store, worktree)('src/cart/vat.ts#addVat', 'x')).toBeNull()
})

test('a file is found by the words of its summary, at once and after a rename', async () => {
  const lab = await openLab()
  const worktree = await refresh(lab)
  expect(lab.store.search.find(worktree, ['levy'], 10)).toEqual([])
  await lab.pass(telling('keeps prices'))
  expect(lab.store.search.find(worktree, ['levy'], 10)).toHaveLength(5)
  sh(lab.root, 'mv', 'src/cart/vat.ts', 'src/tax.ts')
  await refresh(lab)
  expect(lab.store.search.find(worktree, ['levy'], 10).map(({ path }) => path)).toContain('src/tax.ts')
})

test('a pass of one worktree makes the files of another found by the same words', async () => {
  const lab = await openLab()
  const other = `${lab.root}-other`
  sh(lab.root, 'worktree', 'add', '-q', other)
  const second = (
    await refreshFacts(await openRepo(other), lab.store, { maxFileBytes: 1_000_000, maxCommits: 100, processes: 1 })
  ).worktree
  await lab.pass(telling('keeps prices'))
  expect(lab.store.search.find(second, ['levy'], 10)).toHaveLength(5)
})

test('150 look-ups take less than 10 ms', async () => {
  const lab = await openLab()
  await lab.pass(telling('keeps prices'))
  const worktree = await refresh(lab)
  const symbols = lab.store.facts.symbols(worktree, 'src/cart/cart.ts')
  const summaryOf = summaryReader(lab.store, worktree)
  const times: number[] = []
  for (let i = 0; i < 5; i++) {
    const ms = await processorMs(() => {
      for (let n = 0; n < 12; n++) summaryOf('src/cart/vat.ts', '')
      for (let n = 0; n < 138; n++) summaryOf('src/cart/cart.ts#Cart', symbols[0]!.hash)
    })
    times.push(ms)
  }
  expect(Math.min(...times)).toBeLessThan(10)
})
