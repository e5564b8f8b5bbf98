import { expect, test } from 'vitest'
import { write } from '../../repo/scratch-repo.ts'
import { noting } from './note-model.ts'
import { openLab, SHOP } from './sleep-lab.ts'

test('without a model, files, folders and the repository are told in their authors words', async () => {
  const { pass, store } = await openLab({
    ...SHOP,
    'src/orders/README.md': '# Orders\n\nPlaces and refunds orders. In that order.\n',
  })
  const report = await pass(null)
  expect(report).toMatchObject({ model: 'none', stop: 'done', written: 9, reused: 0, usage: { calls: 0 } })
  const latest = (subject: string, kind: string) => store.summaries.latest(subject, kind)!.body
  expect(latest('src/cart/cart.ts', 'file')).toEqual({
    purpose: 'What the customer wants.',
    changesWith: 'imported by 2 files (src/orders/order.ts, test/cart.test.ts)',
    watchOut: '',
    concepts: [],
    symbols: [{ name: 'Cart', does: 'What the customer wants.' }],
  })
  expect(latest('src/main.ts', 'file')).toMatchObject({
    purpose: 'defines SHOP',
    changesWith: 'imports 2 files (src/orders/order.ts, src/orders/refund.ts)',
  })
  expect(latest('src/orders/', 'module')).toMatchObject({ purpose: 'Places and refunds orders.' })
  expect(latest('src/cart/', 'module')).toMatchObject({
    purpose: 'holds cart.ts, vat.ts',
    parts: [
      { name: 'cart.ts', does: 'What the customer wants.' },
      { name: 'vat.ts', does: 'Value added tax of a price.' },
    ],
  })
  expect(latest('.', 'repository')).toMatchObject({
    purpose: 'shop: Sells books',
    layout: [{ path: 'src/', holds: '5 source files' }],
    conventions: ['Written in typescript (6 files)', 'npm run test: node --test'],
  })
  expect(await pass(null)).toMatchObject({ written: 0, reused: 9 })
})

test('a dry run without a model says what a pass then does, and writes nothing', async () => {
  const { pass, store } = await openLab({ ...SHOP, 'src/a.ts': 'const a = 1\n', 'src/b.ts': 'const a = 1\n' })
  const planned = async () => {
    const { estimate, reused } = await pass(null, { dryRun: true })
    return { written: estimate!.subjects.length, reused }
  }
  const [first, real] = [await planned(), await pass(null)]
  expect(first).toEqual({ written: real.written, reused: real.reused })
  expect(real.reused).toBeGreaterThan(0) // two files of the same words
  expect(await planned()).toEqual({ written: 0, reused: real.written + real.reused })
  expect(store.ledger.receipts(9)).toHaveLength(1)
})

test('a file that gathers the members of a folder is named as such', async () => {
  const members = Object.fromEntries(
    ['add', 'list', 'remove'].map((name) => [
      `src/commands/${name}.ts`,
      `export const ${name} = 1\nexport const two = 2\n`,
    ]),
  )
  const index =
    "import { add } from './add.ts'\nimport { list } from './list.ts'\nimport { remove } from './remove.ts'\n\nexport const COMMANDS = [add, list, remove]\n"
  const { pass, store } = await openLab({ ...members, 'src/commands/index.ts': index })
  await pass(null)
  expect(store.summaries.latest('src/commands/', 'module')!.body).toMatchObject({
    howToExtend: '`src/commands/index.ts` imports 3 of the 3 other members',
  })
})

test('what a model wrote stays the newest, and summaries that nobody needs are swept away', async () => {
  const { pass, root, store } = await openLab()
  await pass(null)
  await pass(noting())
  await pass(null)
  expect(store.summaries.counts().filter(({ model }) => model === 'none')).toEqual([])
  write(root, 'src/main.ts', 'export const other = 1\n')
  await pass(null)
  expect(store.summaries.latest('src/main.ts', 'file')!.model).toBe('noter') // stale, and said to be so by its source hash
})

test('an empty repository is reported too', async () => {
  const { pass, store } = await openLab({ 'notes.txt': 'nothing here\n' })
  expect(await pass(null)).toMatchObject({ stop: 'done', written: 0 })
  const llm = noting()
  expect(await pass(llm)).toMatchObject({ stop: 'done', written: 0 })
  expect(llm.requests).toEqual([])
  expect(store.summaries.counts()).toEqual([])
})

test('a folder with one file has no summary of its own, and its file stands in the one above', async () => {
  const { pass, store } = await openLab({
    'src/deep/only.ts': 'export function only() {\n  return 1\n}\n',
    'src/main.ts': 'export function main() {\n  return 1\n}\n',
  })
  const llm = noting()
  await pass(llm)
  expect(store.db.all("SELECT subject FROM latest_summary WHERE kind = 'module'")).toEqual([{ subject: 'src/' }])
  expect(llm.requests.find(({ purpose }) => purpose === 'module-summary')!.messages[1]!.content).toContain(
    '- deep/only.ts: ',
  )
})
