import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { turnsOf } from '../../agents/served/turns.ts'
import { runGit } from '../../bench/fixture-repo.ts'
import {
  ClosedError,
  type Llm,
  type LlmRequest,
  NewerDatabase,
  NoCommits,
  NoModel,
  NotARepository,
  openRepose,
  type PassProgress,
  UserError,
} from '../../src/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runInProcess } from '../helpers/run-in-process.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterAll(() => shop.dispose())

const REQUEST = 'Add a CSV output format'
const NO_COST = { calls: 1, inputTokens: 10, cachedTokens: 0, outputTokens: 5, usd: null }

const saying = (say: (request: LlmRequest) => string): Llm => ({
  model: 'm',
  complete: async (request) => ({ stop: 'done', content: say(request), toolCalls: [], usage: NO_COST }),
})

async function open(root: string, options: Parameters<typeof openRepose>[1] = {}) {
  const repose = await openRepose(root, options)
  onTestFinished(() => repose.close())
  return repose
}

const printed = async (...args: string[]) =>
  JSON.parse((await runInProcess([...args, '--json'], { cwd: shop.root })).stdout)
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value))

test('each call gives what its command prints as JSON', async () => {
  const repose = await open(shop.root)
  await repose.refresh()
  const { ms: _, ...report } = await repose.refresh()
  expect(report).toEqual({ changed: false, files: 0, parsed: 0, problems: 0, commits: 17 })
  expect(asJson(await repose.pack(REQUEST))).toEqual(await printed('context', REQUEST))
  expect(asJson(await repose.pack(REQUEST, { budgetTokens: 900 }))).toEqual(
    await printed('context', REQUEST, '--budget-tokens', '900'),
  )
  expect(await repose.find('vat', { in: 'src' })).toEqual(await printed('find', 'vat', '--in', 'src'))
  for (const about of ['src/vat.ts', 'src/', 'Where is VAT computed?']) {
    const { isStale, ...answer } = await repose.ask(about)
    expect(isStale).toBe(false)
    expect(asJson(answer)).toEqual(await printed('ask', about))
  }
  const { compared, changed, findings } = await repose.check(['src/formatters/index.ts'])
  expect(asJson({ compared, changed, findings })).toEqual(await printed('check', '--files', 'src/formatters/index.ts'))
})

test('an answer knows what was written a moment ago, and nothing is printed', async () => {
  const said = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'))
  const own = await copyFixture('bookshop-ts')
  onTestFinished(() => own.dispose())
  const repose = await open(own.root)
  const told: number[] = []
  for await (const { done, total } of repose.refresh()) told.push(done / total)
  expect(told.at(-1)).toBe(1)
  await own.write('src/new.ts', 'export function writtenJustNow(): void {}\n')
  expect((await repose.find('writtenJustNow')).definitions).toMatchObject([{ path: 'src/new.ts' }])
  expect(await repose.sleep()).toMatchObject({ stop: 'done', model: 'none' })
  expect(said.map((spy) => spy.mock.calls.length)).toEqual([0, 0])
  for (const spy of said) spy.mockRestore()
})

test('failures are classes with what to do about them', async () => {
  await expect(openRepose(join(shop.root, 'nowhere'))).rejects.toBeInstanceOf(NotARepository)
  await expect(openRepose(scratchFolder())).rejects.toBeInstanceOf(NotARepository)
  const empty = scratchFolder()
  await runGit(empty, ['init', '-q'])
  await expect(openRepose(empty)).rejects.toBeInstanceOf(NoCommits)
  const repose = await open(scratchRepo({ 'a.ts': 'export const a = 1\n' }))
  await expect(repose.pack('  ')).rejects.toMatchObject({ message: 'the request is empty', fix: expect.any(String) })
  await expect(repose.implement('Add b')).rejects.toBeInstanceOf(NoModel)
  await expect(repose.implement('Add b', { apply: true, branch: 'x' })).rejects.toBeInstanceOf(UserError)
  const database = join(repose.root, '.git/repose/repose.db')
  const store = openStore(database)
  store.db.exec('PRAGMA user_version = 999')
  store.close()
  const other = await open(repose.root)
  await expect(other.pack('Add b')).rejects.toBeInstanceOf(NewerDatabase)
  await repose.close()
  await expect(repose.pack('Add b')).rejects.toBeInstanceOf(ClosedError)
  await expect(repose.sleep()).rejects.toBeInstanceOf(ClosedError)
})

test('a signal ends any call with its reason, before and during it', async () => {
  const root = scratchRepo(
    Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`src/f${i}.ts`, `export const f${i} = ${i}\n`])),
  )
  const ended = AbortSignal.abort(new Error('enough'))
  await expect(openRepose(root, { signal: ended })).rejects.toThrow('enough')
  const repose = await open(root)
  for (const call of [
    () => repose.refresh({ signal: ended }),
    () => repose.pack('Add b', { signal: ended }),
    () => repose.find('f1', { signal: ended }),
    () => repose.ask('src/f1.ts', { signal: ended }),
    () => repose.check(['src/f1.ts'], { signal: ended }),
    () => repose.sleep({ signal: ended }),
  ])
    await expect(call()).rejects.toThrow('enough')
  const controller = new AbortController()
  const onProgress = () => controller.abort(new Error('half way'))
  await expect(repose.pack('Add f', { signal: controller.signal, onProgress })).rejects.toThrow('half way')
  expect((await repose.pack('Change f7')).files[0]).toMatchObject({ path: 'src/f7.ts' }) // still sound
})

test('a pass reports how far it is, and its iteration ends with it', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => own.dispose())
  const said: Readonly<Record<string, object>> = {
    file_summary: { changesWith: '', watchOut: '', concepts: [], symbols: [] },
    module_summary: { parts: [], howToExtend: '' },
    repository_summary: { layout: [], conventions: [] },
  }
  const llm = saying(({ json }) => JSON.stringify({ purpose: 'Sells books.', ...said[json!.name] }))
  const repose = await open(own.root, { llm })
  const pass = repose.sleep({ budgetTokens: 1_000_000, concurrency: 1 })
  const steps: PassProgress[] = []
  for await (const step of pass) steps.push(step)
  const report = await pass
  expect(report).toMatchObject({ model: 'm', stop: 'done' })
  const written = steps.filter((one) => one.step === 'summaries')
  expect(written.length).toBeGreaterThan(0)
  expect(await repose.sleep({ dryRun: true })).toMatchObject({ pass: null, estimate: { subjects: expect.any(Array) } })
  await own.write('src/new.ts', 'export const a = 1\n')
  const controller = new AbortController()
  const ended = repose.sleep({ signal: controller.signal })
  for await (const { step } of ended) if (step === 'summaries') controller.abort()
  expect(await ended).toMatchObject({ stop: 'interrupted' })
})

test('the caps of the user bind a pass of the library, also one that drafts nothing', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => own.dispose())
  const home = scratchFolder()
  vi.stubEnv('XDG_CONFIG_HOME', home)
  onTestFinished(() => void vi.unstubAllEnvs())
  const setCaps = (caps: object) => writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ caps }))
  mkdirSync(join(home, 'repose'))
  let calls = 0
  const llm = saying(() => `${++calls}`)
  const repose = await open(own.root, { llm })
  const day = [{ dayTokens: 0 }, { dayTokens: 100 }, { dayUsd: 1 }]
  for (const caps of [...day, { monthTokens: 90_000, passTokens: 100 }, { passTokens: 100 }, { passUsd: 1 }]) {
    setCaps(caps)
    expect(await repose.sleep({ budgetTokens: 1_000_000 })).toMatchObject({ stop: 'out-of-budget' })
  }
  setCaps({})
  for (const limit of [Number.NaN, -1, null, '1k'] as number[]) {
    await expect(repose.sleep({ budgetTokens: limit })).rejects.toThrow('budgetTokens is no number')
    await expect(repose.implement(REQUEST, { maxUsd: limit })).rejects.toThrow('maxUsd is no number')
  }
  expect(calls).toBe(0)
})

test('implement returns the diff, applies it only if asked, and commits it to a branch', async () => {
  const root = scratchRepo({ 'src/cart.ts': 'export const total = 1\n', 'README.md': '# Cart\n' })
  const create = '@@ create src/tax.ts\n<<<<<<< text\nexport const tax = 3\n>>>>>>> end\n'
  const said: string[] = []
  const llm = saying(({ messages }) => {
    said.push(messages.map(({ content }) => content).join('\n'))
    return create
  })
  const repose = await open(root, { llm })
  const run = repose.implement('Add a tax in src/tax.ts', { effort: 'low' })
  const texts: string[] = []
  for await (const progress of run) if (progress.step === 'agent') texts.push(progress.text)
  const kept = await run
  expect(kept).toMatchObject({
    stop: 'done',
    created: ['src/tax.ts'],
    applied: null,
    branch: null,
    error: null,
    untrustedChecks: [],
  })
  expect(kept.diff).toContain('+export const tax = 3')
  expect(texts.length).toBeGreaterThan(0)
  expect(said.join('\n')).toContain('Add a tax')
  expect(() => readFileSync(join(root, 'src/tax.ts'))).toThrow('ENOENT')
  expect(await repose.implement('Add a tax in src/tax.ts', { effort: 'low', branch: 'tax' })).toMatchObject({
    branch: 'tax',
  })
  expect(await runGit(root, ['show', 'tax:src/tax.ts'])).toBe('export const tax = 3\n')
  await expect(repose.implement('Add a tax', { branch: 'tax' })).rejects.toBeInstanceOf(UserError)
  const applied = await repose.implement('Add a tax in src/tax.ts', { effort: 'low', apply: true })
  expect(applied).toMatchObject({ applied: 'applied to src/tax.ts' })
  expect(readFileSync(join(root, 'src/tax.ts'), 'utf8')).toBe('export const tax = 3\n')
})

test('calls at once, on several repositories, are all answered', async () => {
  const ferry = await copyFixture('ferry-py', { indexed: true })
  onTestFinished(() => ferry.dispose())
  const [one, two, same] = await Promise.all([open(shop.root), open(ferry.root), open(shop.root)])
  const answers = await Promise.all([
    one.pack(REQUEST),
    two.pack('Add a fare rule for bicycles'),
    same.pack(REQUEST),
    one.sleep(),
    two.sleep(),
    same.sleep(),
    one.find('FORMATTERS'),
    one.refresh(),
    same.ask('src/vat.ts'),
  ])
  // what is in a list, and where, depends on whether the pass had begun
  for (const { files } of [answers[0], answers[2]]) expect(files[0]!.path).toMatch(/^src\//)
  expect(answers[1].files.map(({ path }) => path)).toContain('src/ferry/fares/__init__.py')
  expect(answers.slice(3, 6)).toMatchObject([{ stop: 'done' }, { stop: 'done' }, { stop: 'done' }])
  expect(turnsOf(join(shop.root, '.git/repose/repose.db')).isTaken).toBe(false)
})

test.each([
  ['negative', { calls: 1, inputTokens: -1e6, cachedTokens: 0, outputTokens: -5, usd: -3 }],
  ['no numbers', { calls: Number.NaN, inputTokens: '7', cachedTokens: null, outputTokens: {}, usd: Infinity }],
  ['more than any model reads', { calls: 1, inputTokens: 1e15, cachedTokens: 0, outputTokens: 1, usd: 1e9 }],
  ['nothing', { calls: 1, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: null }],
  ['not there', undefined],
])('usage that a model of the program reports is replaced by our count if it is %s', async (_, usage) => {
  const { root, dispose } = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(dispose)
  const llm = { ...saying(() => '{}'), model: 'own' }
  const complete: Llm['complete'] = async (request) => ({ ...(await llm.complete(request)), usage: usage as never })
  const repose = await open(root, { llm: { ...llm, complete } })
  const { usage: counted } = await repose.sleep({ budgetTokens: 20_000 })
  expect(counted.usd).toBeNull()
  expect(counted.calls).toBeGreaterThan(1)
  expect(counted.inputTokens).toBeGreaterThan(100 * counted.calls)
  expect(counted.inputTokens + counted.outputTokens).toBeLessThanOrEqual(20_000)
})
