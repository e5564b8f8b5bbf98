import { describe, expect, onTestFinished, test } from 'vitest'
import { reserveForDraft } from '../../../agents/sleep/cap-room.ts'
import type { SleepProgress } from '../../../agents/sleep/sleep-report.ts'
import { UserError } from '../../../src/errors.ts'
import { openLlm } from '../../../src/llm/open-llm.ts'
import type { Llm } from '../../../src/types.ts'
import { reply, startModelServer } from '../../helpers/model-server.ts'
import { fileNote, noting, purposes } from './note-model.ts'
import { openLab } from './sleep-lab.ts'

const PRICE = { inputPerMillion: 1000, cachedPerMillion: 1000, outputPerMillion: 1000, source: 'test' }
test('a budget of 0 ends the pass at once, with nothing spent', async () => {
  const { pass, store } = await openLab()
  for (const budget of [{ tokens: 0 }, { usd: 0 }]) {
    const llm = noting()
    const report = await pass(llm, { budget, price: PRICE })
    expect(report).toMatchObject({ stop: 'out-of-budget', written: 0, usage: { calls: 0, inputTokens: 0 } })
    expect(llm.requests).toEqual([])
  }
  expect(store.ledger.receipts(1)[0]).toMatchObject({ stop: 'out-of-budget' })
})

test('the pass stays within a token budget, and the next one goes on where it ended', async () => {
  const { pass } = await openLab()
  const unlimited = noting()
  const { usage } = await (await openLab()).pass(unlimited)
  const tokens = Math.ceil((usage.inputTokens + usage.outputTokens) / 2)
  let asked = 0
  for (let round = 0; round < 8; round++) {
    const llm = noting()
    const report = await pass(llm, { budget: { tokens } })
    asked += llm.requests.length
    expect(report.usage.inputTokens + report.usage.outputTokens).toBeLessThanOrEqual(tokens)
    if (round === 0) expect(report.stop).toBe('out-of-budget')
    if (report.stop === 'done') break
    expect(report.stop).toBe('out-of-budget')
  }
  expect(asked).toBe(unlimited.requests.length)
})

describe('a draft is kept in the caps', () => {
  const keeping = (tokens: number) => ({
    budget: { tokens },
    cap: { of: 'day' as const, tokens, usd: Infinity },
    reservesDraft: true,
  })

  test('summaries leave room for it, and the receipt says so; an earlier limit of the pass is kept', async () => {
    const { pass, store } = await openLab()
    const { usage, ...report } = await pass(noting(), keeping(11_000))
    expect(usage.inputTokens + usage.outputTokens).toBeLessThanOrEqual(2000)
    expect(report).toMatchObject({ stop: 'out-of-budget', capped: 'day' })
    expect(report.written).toBeGreaterThan(0)
    expect(store.ledger.receipts(1)[0]!.notes).toContain(
      'backlog: of the cap of the day 9,000 tokens are kept for a draft',
    )
    const small = await pass(noting(), { ...keeping(100_000), budget: { tokens: 1 } })
    expect(small).toMatchObject({ stop: 'out-of-budget', capped: null })
  })

  test('a dry run counts what is kept as the pass does', async () => {
    const { pass } = await openLab()
    await pass(null)
    const { estimate } = await pass(noting(), { ...keeping(12_000), dryRun: true })
    expect(estimate).toMatchObject({ cap: 'day', keptForDraft: 9000, hasDraftRoom: true })
    expect(estimate!.inputTokens + estimate!.outputTokens).toBeLessThanOrEqual(3000)
    expect(estimate!.later.subjects).toBeGreaterThan(0)
    const own = await pass(noting(), { ...keeping(100_000), budget: { tokens: 3000 }, dryRun: true })
    expect(own.estimate).toMatchObject({ cap: null, keptForDraft: 0 })
  })

  test('a limit in US$ of the pass itself is named where it ends before the cap in tokens', async () => {
    const { pass } = await openLab()
    const own = { ...keeping(100_000), budget: { tokens: 100_000, usd: 2 }, price: PRICE }
    const { estimate } = await pass(noting(), { ...own, dryRun: true })
    expect(estimate!.later.subjects).toBeGreaterThan(0)
    expect(estimate).toMatchObject({ cap: null, keptForDraft: 0 })
    const report = await pass(unpriced(), own)
    expect(report).toMatchObject({ stop: 'out-of-budget', capped: null })
    expect(report.written).toBeGreaterThan(0)
  })

  test('as much as the dearest of the last three drafts took, without replays and other runs', async () => {
    const { pass, store } = await openLab()
    const run = (command: string, tokens: number, recorded = false) => {
      const request = store.ledger.startRequest(1, command, 'x', [])
      const usage = { calls: 1, inputTokens: tokens, cachedTokens: 0, outputTokens: 0, usd: null }
      const call = { at: 1, phase: 'sleep', purpose: 'edit', model: 'm', stop: 'done', ms: 1 } as const
      store.ledger.addCall({ ...call, request, usage, recorded })
    }
    for (const tokens of [90_000, 20_000, 2000, 19_000]) run('draft', tokens)
    run('implement', 50_000)
    run('draft', 60_000, true)
    expect(reserveForDraft(store, null)).toEqual({ tokens: 21_000, usd: 0 })
    const none = await pass(noting(), keeping(20_500))
    expect(none).toMatchObject({
      ...{ stop: 'out-of-budget', capped: 'day', written: 0, usage: { calls: 0 } },
      reason: 'what is left of the cap of the day is kept for a draft',
      fix: 'raise the cap of the day (caps in ~/.config/repose/config.json), or wait until tomorrow',
    })
    expect((await pass(noting(), { ...keeping(20_500), reservesDraft: false })).written).toBeGreaterThan(0)
    expect((await pass(noting())).stop).toBe('done')
    expect((await pass(noting(), keeping(500))).stop).toBe('done') // every summary is fresh
  })
})

test('a file too large for what is left does not keep a small one from its turn', async () => {
  const large = Array.from(
    { length: 300 },
    (_, n) => `export function large${n}(first: number) {\n  return first + ${n}\n}\n`,
  ).join('\n')
  const { pass, store } = await openLab({
    'src/large.ts': large,
    'src/small.ts': 'export function small() {\n  return 1\n}\n',
  })
  const report = await pass(noting(), { budget: { tokens: 3000 } })
  expect(report).toMatchObject({ stop: 'out-of-budget', written: 1 })
  expect(store.summaries.latest('src/small.ts', 'file')!.model).toBe('noter')
})

test('a limit in US$ is kept with the price that is given', async () => {
  const { pass } = await openLab()
  const unlimited = await (await openLab()).pass(noting(), { price: PRICE })
  const usd = (unlimited.usage.inputTokens + unlimited.usage.outputTokens) / 2000
  const report = await pass(unpriced(), { budget: { usd }, price: PRICE })
  expect(report.stop).toBe('out-of-budget')
  expect(report.usage.usd).toBeGreaterThan(0)
  expect(report.usage.usd).toBeLessThanOrEqual(usd)
})

function unpriced(): Llm {
  const llm = noting()
  return {
    model: llm.model,
    complete: async (request) => {
      const reply = await llm.complete(request)
      return { ...reply, usage: { ...reply.usage, usd: null } }
    },
  }
}

test('a limit in US$ without a price is refused before anything is done', async () => {
  const { pass, store } = await openLab()
  const error = await pass(noting(), { budget: { usd: 1 } }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UserError)
  expect(error).toMatchObject({
    message: 'the price of model noter is unknown, so --max-usd cannot be kept',
    fix: 'state it in ~/.config/repose/config.json, as in {"prices":{"noter":{"inputPerMillion":0.25,"outputPerMillion":2}}}, or limit the tokens: --budget-tokens',
    exitCode: 2,
  })
  expect(store.ledger.receipts(1)).toEqual([])
})

test('a dry run says what a pass would ask for, spends nothing and writes nothing', async () => {
  const { pass, store } = await openLab()
  await pass(null) // the facts are there
  const before = snapshot(store)
  const llm = noting()
  const { estimate, ...report } = await pass(llm, { dryRun: true, price: PRICE })
  expect(report).toMatchObject({ pass: null, stop: 'done', written: 0, usage: { calls: 0 } })
  expect(llm.requests).toEqual([])
  expect(snapshot(store)).toEqual(before)

  const kinds = estimate!.subjects.map(({ kind }) => kind)
  expect(kinds).toEqual(['file', 'file', 'file', 'file', 'file', 'module', 'module', 'module', 'repository'])
  expect(estimate!.usd).toBeCloseTo((estimate!.inputTokens + estimate!.outputTokens) / 1000)
  const real = await pass(noting())
  // the scripted model does not count the schema, which endpoints do
  expect(estimate!.inputTokens).toBeGreaterThan(real.usage.inputTokens)
  expect(estimate!.inputTokens).toBeLessThan(2 * real.usage.inputTokens)
  expect((await pass(noting(), { dryRun: true })).estimate).toEqual({
    backlog: null,
    hasDraftRoom: true,
    cap: null,
    keptForDraft: 0,
    subjects: [],
    inputTokens: 0,
    outputTokens: 0,
    usd: null,
    later: { subjects: 0, inputTokens: 0, outputTokens: 0 },
    learning: ['recipes: those of this commit are known'],
    asksForecasts: false,
    readers: estimate!.readers,
  })
  expect(estimate!.readers).toContainEqual({ kind: 'files', by: 'context, search, MCP explain' })
})

test('a dry run tells what a pass would do within its budget, and what is left for later ones', async () => {
  const { pass } = await openLab()
  const whole = (await pass(noting(), { dryRun: true, price: PRICE })).estimate!
  const tokens = Math.ceil((whole.inputTokens + whole.outputTokens) / 2)
  for (const budget of [{ tokens }, { usd: tokens / 1000 }]) {
    const { estimate, left } = await pass(noting(), { dryRun: true, budget, price: PRICE })
    expect(estimate!.inputTokens + estimate!.outputTokens).toBeLessThanOrEqual(tokens)
    expect(estimate!.subjects.length).toBeGreaterThan(1)
    expect(estimate!.subjects.every(({ kind }) => kind === 'file')).toBe(true)
    expect(estimate!.subjects.length + estimate!.later.subjects).toBe(whole.subjects.length)
    expect(estimate!.inputTokens + estimate!.later.inputTokens).toBe(whole.inputTokens)
    expect(left).toBe(whole.subjects.length)
  }
})

test('a dry run counts the question for forecasts in the budget, as the pass does, and asks none beyond it', async () => {
  const { pass } = await openLab()
  await pass(null)
  const cage = { network: false, uncaged: false, readable: [], env: [] }
  const settings = { checks: [], checkTimeoutMs: 1000, cage, maxFileBytes: 1_000_000, drafts: 1, forecasts: true }
  const dry = async (options: object) =>
    (await pass(noting(), { backlog: settings, dryRun: true, ...options })).estimate!
  const room = { budget: { tokens: 4000 } }
  const asking = await dry(room)
  expect(asking.asksForecasts).toBe(true)
  expect(2500 + asking.inputTokens + asking.outputTokens).toBeLessThanOrEqual(4000)
  expect((await dry({ ...room, backlog: undefined })).subjects.length).toBeGreaterThan(asking.subjects.length)
  const usd = await dry({ budget: { usd: 4 }, price: PRICE })
  expect(usd.asksForecasts).toBe(true)
  expect(2.5 + usd.usd!).toBeLessThanOrEqual(4)
  expect((await dry({ budget: { tokens: 2400 } })).asksForecasts).toBe(false)
})

test('progress counts to what the budget has room for, and the pass ends there', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [
      `src/part${n}.ts`,
      `/** Part ${n}. */\nexport function part${n}(x: number) {\n  return x + ${n}\n}\n`.repeat(4),
    ]),
  )
  const { pass } = await openLab(files)
  const seen: SleepProgress[] = []
  const options = { concurrency: 1, budget: { tokens: 6000 }, onProgress: (far: SleepProgress) => seen.push(far) }
  const estimate = (await pass(noting(), { ...options, dryRun: true })).estimate!
  const report = await pass(noting(), options)
  expect(report).toMatchObject({ stop: 'out-of-budget', reason: null, fix: null, left: 32 - seen.length })
  expect(seen.every(({ due }) => due === 32)).toBe(true)
  const totals = seen.map(({ total }) => total)
  expect(Math.max(...totals)).toBeLessThan(12)
  expect(Math.abs(totals[0]! - seen.length)).toBeLessThanOrEqual(3)
  expect(Math.abs(estimate.subjects.length - seen.length)).toBeLessThanOrEqual(5) // the scripted model counts no schema
  expect(totals.at(-1)! - seen.length).toBeLessThanOrEqual(1)
})

test('a budget without room for a single summary is the reason, with what to do', async () => {
  const { pass } = await openLab()
  const llm = noting()
  const report = await pass(llm, { budget: { tokens: 400 } })
  expect(llm.requests).toEqual([])
  expect(report).toMatchObject({
    stop: 'out-of-budget',
    written: 0,
    left: 9,
    reason: 'the budget has no room for a single summary that is due',
    fix: expect.stringContaining('--budget-tokens'),
  })
})

test.each([
  ['day', 'tomorrow', { tokens: 400, usd: Infinity }],
  ['month', 'next month', { tokens: Infinity, usd: 1e-5 }],
] as const)('a cap of the %s without room for a single summary is named, in a dry run too', async (of, when, left) => {
  const { pass } = await openLab()
  const llm = noting()
  const options = { budget: left, cap: { of, ...left }, price: PRICE }
  const report = await pass(llm, options)
  expect(llm.requests).toEqual([])
  expect(report).toMatchObject({
    ...{ stop: 'out-of-budget', capped: of, left: 9 },
    reason: `the cap of the ${of} has no room for a single summary that is due`,
    fix: `raise the cap of the ${of} (caps in ~/.config/repose/config.json), or wait until ${when}`,
  })
  const { stop, reason, fix } = report
  expect(await pass(llm, { ...options, dryRun: true })).toMatchObject({ stop, reason, fix })
  await pass(noting())
  for (const dryRun of [true, false]) expect((await pass(llm, { ...options, dryRun })).stop).toBe('done') // all is fresh
})

test('progress counts up to the number of summaries, with tokens and time left', async () => {
  const { pass } = await openLab()
  const usage = { prompt_tokens: 600, completion_tokens: 40 }
  const server = await startModelServer([
    ...[1, 2, 3, 4, 5].map((n) => reply(fileNote({ purpose: `part ${n}` }), { usage })),
    ...Array(4).fill(reply('{"purpose":"a","parts":[],"howToExtend":"","layout":[],"conventions":[]}', { usage })),
  ])
  onTestFinished(() => server.close())
  const seen: SleepProgress[] = []
  await pass(openLlm({ model: 'served', baseUrl: server.baseUrl }), {
    concurrency: 1,
    onProgress: (progress) => seen.push(progress),
  })
  expect(seen.map(({ written, total }) => `${written}/${total}`)).toEqual([
    '1/9',
    '2/9',
    '3/9',
    '4/9',
    '5/9',
    '6/9',
    '7/9',
    '8/9',
    '9/9',
  ])
  expect(seen.map(({ tokens }) => tokens)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((calls) => 640 * calls))
  expect(seen.at(-1)).toMatchObject({ current: '.', etaMs: 0 })
})

function snapshot(store: Awaited<ReturnType<typeof openLab>>['store']): unknown {
  return ['summary', 'latest_summary', 'pass', 'call'].map((table) =>
    store.db.all(`SELECT * FROM ${table} ORDER BY 1, 2`),
  )
}

test('the order of requests: files first, the repository last', async () => {
  const { pass } = await openLab()
  const llm = noting()
  await pass(llm, { concurrency: 1 })
  expect(llm.requests.map(({ purpose }) => purpose)).toEqual([
    ...Array(5).fill('file-summary'),
    ...Array(3).fill('module-summary'),
    'repository-summary',
  ])
  expect(purposes(llm)).toEqual({ 'file-summary': 5, 'module-summary': 3, 'repository-summary': 1 })
})
