import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { followForecasts } from '../../../agents/night/follow-forecasts.ts'
import { checkForecasts } from '../../../agents/night/forecast.ts'
import { type ForecastOptions, forecastBacklog } from '../../../agents/night/forecast-backlog.ts'
import { gatherEvidence } from '../../../agents/night/gather-evidence.ts'
import { noteHits } from '../../../agents/night/link-same.ts'
import { Budget } from '../../../src/llm/budget.ts'
import { scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { secretKeeper } from '../../../src/secrets/secret-keeper.ts'
import { openStore, type Store } from '../../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../../helpers/fixture-repo.ts'

let shop: FixtureRepo
let store: Store
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { history: false })
  store = openStore(join(shop.root, '.git/repose/repose.db'))
  await shop.write('README.md', '# Shop\n\n## Roadmap\n\n- Export orders as CSV\n- Gift cards\n')
  await shop.write('src/vat.ts', '// TODO: support reduced rates of VAT\nexport const VAT = 0.19\n')
  await commit('Add a rate of VAT')
})
afterEach(async () => {
  store.close()
  await shop.dispose()
})

const DAY = 86_400_000
async function commit(message: string) {
  await shop.git('add', '-A')
  await shop.git('commit', '-q', '--allow-empty', '-m', message)
}
async function ask(reply: string, more: Partial<ForecastOptions> = {}) {
  const llm = scriptedLlm([reply])
  const end = await forecastBacklog({
    ...{ repo: await openRepo(shop.root), store, pass: store.ledger.startPass(1, 'scripted', shop.root), llm },
    ...{ budget: new Budget({}, null), signal: new AbortController().signal, clock: Date.now, recorded: false },
    ...more,
  })
  return { end, prompt: llm.requests[0]?.messages.at(-1)?.content ?? '' }
}
const proposing = (...forecasts: object[]) => JSON.stringify({ forecasts })
const numberOf = (prompt: string, text: string) =>
  /^(E\d+) /.exec(prompt.split('\n').find((line) => line.includes(text))!)![1]

test('the evidence of a commit comes from git alone, without the secrets in it and without uncommitted changes', async () => {
  const key = ['AKIA', 'Z7QX4M2N5P8R3T6V'].join('')
  await shop.write('README.md', `## Roadmap\n\n- Export orders as CSV\n- Move away from ${key} soon\n`)
  await shop.write('src/key.ts', `// TODO: ${'do not keep the key here '.repeat(6)}${key}\n`)
  await commit('Say what is planned')
  await shop.write('README.md', '## Roadmap\n\n- Nothing of this\n')
  const { evidence, paths } = await gatherEvidence(shop.root, 'HEAD', secretKeeper())
  expect(paths).toContain('src/vat.ts')
  expect(evidence).toContainEqual({ kind: 'plan', place: 'README.md:3', text: 'Export orders as CSV' })
  expect(evidence).toContainEqual({ kind: 'todo', place: 'src/vat.ts:1', text: 'support reduced rates of VAT' })
  expect(evidence).toContainEqual(expect.objectContaining({ kind: 'commit', text: 'Add a rate of VAT' }))
  expect(JSON.stringify(evidence)).not.toContain(key)
  expect(JSON.stringify(evidence)).not.toContain('Nothing of this')
})

test('proposals without evidence that exists are refused; evidence and files that do not exist are removed', () => {
  const evidence = [{ kind: 'todo', place: 'src/vat.ts:1', text: 'rates' }] as const
  const commits = [{ hash: 'a', subject: 'Add a rate', body: '', added: [], changed: [], time: 1 }]
  const proposed = [
    {
      title: 'Add reduced rates',
      evidence: ['E1', 'E7'],
      files: ['src/vat.ts', 'src/none.ts', '../../etc/passwd'],
      likelihood: 7,
    },
    { title: 'Add a second shop', evidence: ['E0', 'E2', 'README'], files: [] },
    { title: 'Add gift cards', evidence: [], files: [] },
    { title: 'add a rate.', evidence: [1], files: [] }, // is there already
    { title: 'Export orders', evidence: [1], files: [] }, // is known
    { title: 'Add reduced rates!', evidence: [1], files: [] }, // is proposed twice
  ]
  const checked = checkForecasts({ forecasts: proposed }, { evidence, commits, paths: ['src/vat.ts'] }, [
    'Export orders',
  ])
  expect(checked.forecasts).toEqual([{ title: 'Add reduced rates', files: ['src/vat.ts'], evidence, likelihood: 1 }])
  expect(checked.refused).toBe(5)
})

test('forecasts stand in the backlog with a plan; they are asked for once a week, and no pass drafts them', async () => {
  const { prompt } = await ask(proposing())
  expect(prompt).toContain('plan README.md:5: Export orders as CSV')
  const { end: tooEarly } = await ask(proposing())
  expect(tooEarly).toEqual({ kind: 'not-due' })
  const inAYear = () => Date.now() + 365 * DAY
  expect((await ask(proposing(), { clock: inAYear })).end).toEqual({ kind: 'not-due' }) // there is nothing new
  for (let i = 0; i < 10; i++) await commit(`Add part ${i}`)
  store.db.run('UPDATE forecast_run SET made_at = 0')
  const csv = {
    title: 'Export orders as CSV',
    files: ['src/vat.ts'],
    evidence: [numberOf(prompt, 'CSV')],
    likelihood: 0.4,
  }
  expect((await ask(proposing(csv, { title: 'Add x', evidence: [] }))).end).toMatchObject({
    kind: 'made',
    items: [1],
    refused: 1,
  })
  expect(store.backlog.get(1)).toMatchObject({ state: 'forecast', source: 'forecast' })
  expect(store.backlog.draft(1)).toMatchObject({ commit: null, plan: ['src/vat.ts'] })
  expect(store.backlog.list(['waiting', 'planned', 'drafted'])).toEqual([])
  expect(store.forecasts.all()).toMatchObject([{ item: 1, outcome: 'open', likelihood: 0.4 }])
})

/** A forecast of CSV export. */
async function forecastCsv(madeAt: number) {
  const csv = { title: 'Export orders as CSV', files: ['src/vat.ts'], evidence: ['E1'] }
  await ask(proposing(csv), { clock: () => madeAt })
}

test('a later commit with its words and a file is a hit; one in other files is none', async () => {
  await forecastCsv(Date.now() - 5 * DAY)
  await shop.write('src/other.ts', 'export {}\n')
  await commit('Export orders as CSV elsewhere')
  const repo = await openRepo(shop.root)
  expect(await followForecasts(repo, store, Date.now())).toEqual({ hits: [], missed: [] })
  await shop.write('src/vat.ts', '// csv\n')
  await commit('Orders: add an export as CSV')
  const later = await openRepo(shop.root)
  expect(await followForecasts(later, store, Date.now())).toEqual({ hits: [1], missed: [] })
  expect(store.forecasts.all()).toMatchObject([{ outcome: 'hit', hit: later.head }])
  expect(store.backlog.get(1)).toMatchObject({ state: 'applied', reason: `done by ${later.head.slice(0, 10)}` })
})

test('a question that the user ends is interrupted in the ledger', async () => {
  await ask(proposing(), { signal: AbortSignal.abort() })
  expect(store.db.column('SELECT stop FROM request')).toEqual(['interrupted'])
})

test('one that nobody asked for in sixty days is dropped and counted as missed', async () => {
  await forecastCsv(Date.now())
  const repo = await openRepo(shop.root)
  expect(await followForecasts(repo, store, Date.now() + 59 * DAY)).toEqual({ hits: [], missed: [] })
  expect(await followForecasts(repo, store, Date.now() + 61 * DAY)).toEqual({ hits: [], missed: [1] })
  expect(store.forecasts.all()).toMatchObject([{ outcome: 'missed', hit: null }])
  expect(store.backlog.get(1)!.state).toBe('dropped')
})

test('a request in the same words is a hit, which gets its plan; if it is dropped, the forecast does not wait in its place', async () => {
  await forecastCsv(Date.now())
  const request = 'Export orders as CSV\n\nWith a head.'
  const { id } = store.backlog.add(
    { source: 'hand', key: 'k', url: null, author: null, request, isApproved: true },
    Date.now(),
  )
  expect(noteHits(store, [id])).toEqual([1])
  expect(store.forecasts.all()).toMatchObject([{ outcome: 'hit', hit: `request ${id}` }])
  expect(store.backlog.get(1)).toMatchObject({ state: 'same', sameAs: id })
  expect(store.backlog.draft(id)?.plan).toEqual(['src/vat.ts'])
  store.backlog.setState(id, 'dropped', Date.now())
  expect(store.backlog.get(1)!.state).toBe('dropped')
})
