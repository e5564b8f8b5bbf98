import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder, sh, write } from '../../repo/scratch-repo.ts'
import { fileNote, noteOn, noting, purposes } from './note-model.ts'
import { openLab, SHOP } from './sleep-lab.ts'

const ALL = { 'file-summary': 5, 'module-summary': 3, 'repository-summary': 1 }

test('a pass asks once for each source file, folder and the repository, and a second one for nothing', async () => {
  const { pass, store } = await openLab()
  const llm = noting()
  const first = await pass(llm)
  expect(purposes(llm)).toEqual(ALL)
  expect(first).toMatchObject({
    stop: 'done',
    reason: null,
    written: 9,
    reused: 0,
    rejected: 0,
    notes: [],
    model: 'noter',
  })
  expect(first.usage.calls).toBe(9)

  const again = noting()
  expect(await pass(again)).toMatchObject({ stop: 'done', written: 0, reused: 9, usage: { calls: 0 } })
  expect(again.requests).toEqual([])
  const receipts = store.ledger.receipts(10)
  expect(receipts.map(({ id, stop, written, reused, calls }) => ({ id, stop, written, reused, calls }))).toEqual([
    { id: 2, stop: 'done', written: 0, reused: 9, calls: 0 },
    { id: 1, stop: 'done', written: 9, reused: 0, calls: 9 },
  ])
  expect(receipts[1]!.inputTokens).toBe(first.usage.inputTokens)
})

test('an edit costs one call for its file, and one for each folder above it', async () => {
  const { pass, root } = await openLab()
  await pass(noting())
  write(root, 'src/cart/vat.ts', `${SHOP['src/cart/vat.ts']}\nexport const STANDARD_RATE = 1.2\n`)
  const llm = noting()
  expect(await pass(llm)).toMatchObject({ stop: 'done', written: 4 })
  expect(purposes(llm)).toEqual({ 'file-summary': 1, 'module-summary': 2, 'repository-summary': 1 })
})

test('an edit that changes nothing of what is said of the file costs one call', async () => {
  const { pass, root } = await openLab()
  const same = () =>
    noting((request) =>
      request.purpose === 'file-summary'
        ? '{"purpose":"does its part","changesWith":"","watchOut":"","concepts":[],"symbols":[]}'
        : '{"purpose":"holds it together","parts":[],"howToExtend":"","layout":[],"conventions":[]}',
    )
  await pass(same())
  write(root, 'src/cart/vat.ts', `${SHOP['src/cart/vat.ts']}\n// a remark\n`)
  const llm = same()
  await pass(llm)
  expect(purposes(llm)).toEqual({ 'file-summary': 1 })
})

test('a renamed file costs no call, and the notes on its folder call it by its new name', async () => {
  const { pass, root, store } = await openLab()
  const parts = [{ name: 'vat.ts', does: 'adds the tax' }]
  const note = JSON.stringify({ purpose: 'prices', parts, howToExtend: 'Copy `vat.ts`.' })
  await pass(
    noting((request) =>
      request.purpose === 'module-summary'
        ? note
        : '{"purpose":"part of it","changesWith":"","watchOut":"","concepts":[],"symbols":[],"layout":[],"conventions":[]}',
    ),
  )
  sh(root, 'mv', 'src/cart/vat.ts', 'src/cart/tax.ts')
  sh(root, 'commit', '-q', '-am', 'rename')
  const llm = noting()
  expect(await pass(llm)).toMatchObject({ written: 0, reused: 9 })
  expect(llm.requests).toEqual([])
  expect(store.summaries.latest('src/cart/tax.ts', 'file')!.body).toMatchObject({ purpose: 'part of it' })
  expect(store.summaries.latest('src/cart/', 'module')!.body).toMatchObject({
    parts: [{ name: 'tax.ts', does: 'adds the tax' }],
    howToExtend: 'Copy `tax.ts`.',
  })
})

test('a renamed folder costs no call', async () => {
  const { pass, root, store } = await openLab()
  await pass(noting())
  sh(root, 'mv', 'src/cart', 'src/basket')
  const llm = noting()
  await pass(llm)
  expect(llm.requests).toEqual([])
  expect(store.summaries.latest('src/basket/', 'module')!.body).toEqual(
    store.summaries.latest('src/cart/', 'module')!.body,
  )
})

test('coming back to a branch costs no call, and neither do symbols point to the other branch', async () => {
  const { pass, root, store } = await openLab()
  const told = (does: string) =>
    noting(({ purpose, messages }) => {
      const symbols =
        messages[1]!.content.includes('addVat(price: number)') && !messages[1]!.content.includes('refund')
          ? [{ name: 'addVat', does }]
          : []
      if (purpose !== 'file-summary')
        return '{"purpose":"prices","parts":[],"howToExtend":"","layout":[],"conventions":[]}'
      return JSON.stringify({ purpose: 'part of it', changesWith: '', watchOut: '', concepts: [], symbols })
    })
  await pass(told('adds a fifth'))
  sh(root, 'checkout', '-q', '-b', 'other')
  write(root, 'src/cart/vat.ts', SHOP['src/cart/vat.ts']!.replace('1.2', '1.25'))
  sh(root, 'commit', '-q', '-am', 'rate')
  await pass(told('adds a quarter'))
  expect(store.summaries.latest('src/cart/vat.ts#addVat', 'symbol')!.body).toEqual({ does: 'adds a quarter' })
  sh(root, 'checkout', '-q', 'main')
  const llm = noting()
  await pass(llm)
  expect(llm.requests).toEqual([])
  expect(store.summaries.latest('src/cart/vat.ts#addVat', 'symbol')!.body).toEqual({ does: 'adds a fifth' })
})

test('a change in what is not shown of a long file costs no call', async () => {
  const { pass, root, store } = await openLab()
  const body = (rate: string) =>
    Array.from({ length: 900 }, (_, i) => `  total += ${rate} * rows[${i}]!.price`).join('\n')
  const long = (rate: string) =>
    `export function sum(rows: { price: number }[]) {\n  let total = 0\n${body(rate)}\n  return total\n}\n`
  write(root, 'src/cart/sum.ts', long('1'))
  const first = noting()
  await pass(first)
  const files = first.requests.filter(({ purpose }) => purpose === 'file-summary').length
  expect(store.summaries.counts().filter(({ kind }) => kind === 'file')).toMatchObject([{ n: files }])
  write(root, 'src/cart/sum.ts', long('2'))
  const llm = noting()
  expect(await pass(llm)).toMatchObject({ stop: 'done', written: 0 })
  expect(llm.requests).toEqual([])
  const fresh = store.summaries.latest('src/cart/sum.ts', 'file')!
  write(root, 'src/cart/sum.ts', long('1'))
  await pass(noting())
  expect(store.summaries.latest('src/cart/sum.ts', 'file')!.body).toEqual(fresh.body)
})

test('a second worktree costs no call', async () => {
  const { pass, root } = await openLab()
  await pass(noting())
  const other = join(scratchFolder(), 'other')
  sh(root, 'worktree', 'add', '-q', other)
  const llm = noting()
  expect(await pass(llm, {}, other)).toMatchObject({ written: 0, reused: 9 })
  expect(llm.requests).toEqual([])
})

test('files of equal content share one call', async () => {
  const text = 'export function twice(n: number) {\n  return 2 * n\n}\n'
  const { pass, store } = await openLab({ 'a/one.ts': text, 'b/two.ts': text })
  const llm = noting()
  await pass(llm)
  expect(purposes(llm)).toEqual({ 'file-summary': 1, 'repository-summary': 1 })
  expect(store.summaries.pointer('a/one.ts', 'file')).toEqual(store.summaries.pointer('b/two.ts', 'file'))
})

test('an answer that was rejected as a whole is not paid for again until the text or the model changes', async () => {
  const { pass, root, store } = await openLab()
  const lying = (model?: string) =>
    noting(
      (request) =>
        request.purpose === 'module-summary' || request.messages[1]!.content.includes('addVat(price: number)')
          ? fileNote({ purpose: 'Calls `madeUpName`.', parts: [], howToExtend: '' })
          : noteOn(request),
      model,
    )
  const first = lying()
  expect(await pass(first)).toMatchObject({ stop: 'done', written: 4 })
  const again = lying()
  const report = await pass(again)
  expect(again.requests).toEqual([])
  expect(report).toMatchObject({ stop: 'done', written: 0, reused: 4, rejected: 0, fix: null, left: 0 })
  const words = 'rejected earlier, not asked again for a month unless its text or the model changes'
  expect(report.notes).toEqual([`3 files and folders: ${words}`])
  expect(store.ledger.receipts(1)[0]!.notes).toEqual(report.notes)
  expect((await pass(again, { dryRun: true })).estimate!.subjects).toEqual([])

  write(root, 'src/cart/vat.ts', `${SHOP['src/cart/vat.ts']}\nexport const STANDARD_RATE = 1.2\n`)
  const edited = lying()
  await pass(edited)
  expect(purposes(edited)).toEqual({ 'file-summary': 1, 'claims-repair': 1 })
  const other = lying('other')
  await pass(other)
  expect(purposes(other)).toEqual(purposes(first))
})

test('an answer that could not be read is asked for again', async () => {
  const { pass } = await openLab({ 'src/a.ts': 'export const a = 1 // and not more than that\n'.repeat(4) })
  await pass(noting(() => 'prose'))
  const llm = noting()
  expect(await pass(llm)).toMatchObject({ stop: 'done', written: 2 })
})

test('another model writes its own summaries', async () => {
  const { pass } = await openLab()
  await pass(noting())
  const llm = noting(undefined, 'other')
  await pass(llm)
  expect(purposes(llm)).toEqual(ALL)
})
