import { expect, onTestFinished, test } from 'vitest'
import type { SleepProgress } from '../../../agents/sleep/sleep-report.ts'
import { openLlm } from '../../../src/llm/open-llm.ts'
import type { LlmRequest } from '../../../src/types.ts'
import { type Behaviour, refusal, reply, startModelServer } from '../../helpers/model-server.ts'
import { fileNote, noteOn, noting, purposes } from './note-model.ts'
import { openLab } from './sleep-lab.ts'

const ONE_FILE = { 'src/a.ts': 'export function a() {\n  return 1\n}\n' }
const SIX_FILES = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7].map((n) => [`src/f${n}.ts`, `export function f${n}() {\n  return ${n}\n}\n`]),
)

/** A model behind a real endpoint on this machine. */
async function served(behaviours: readonly Behaviour[]) {
  const server = await startModelServer(behaviours)
  onTestFinished(() => server.close())
  return {
    server,
    llm: openLlm({ model: 'served', baseUrl: server.baseUrl, apiKey: 'test-key-1', retryBaseMs: 1, attempts: 2 }),
  }
}

test('a wrong key ends the pass at the first call, with the reason in words', async () => {
  const { pass, store } = await openLab(SIX_FILES)
  const { llm, server } = await served(Array(10).fill(refusal(401, { message: 'Incorrect API key' })))
  const report = await pass(llm, { concurrency: 1 })
  expect(report).toMatchObject({
    stop: 'model-failed',
    reason: 'wrong API key (401): src/f1.ts not written',
    fix: 'set OPENAI_API_KEY again',
    written: 0,
  })
  expect(server.requests).toHaveLength(1)
  expect(store.ledger.receipts(1)[0]).toMatchObject({
    stop: 'model-failed',
    reason: 'wrong API key (401): src/f1.ts not written (set OPENAI_API_KEY again)',
    written: 0,
  })
})

test('what is wrong with calls made at once is said once, with how many files it concerned', async () => {
  const { pass, store } = await openLab(SIX_FILES)
  const { llm } = await served(Array(10).fill(refusal(401, { message: 'Incorrect API key' })))
  const progress: SleepProgress[] = []
  const report = await pass(llm, { concurrency: 4, onProgress: (one) => progress.push(one) })
  expect(report.reason).toBe('wrong API key (401): 4 files not written')
  expect(progress.at(-1)).toMatchObject({ written: 0, failed: 4, total: 9 })
  expect(report).toMatchObject({ usage: { calls: 4 }, failedCalls: 4 })
  expect(store.ledger.receipts(1)[0]).toMatchObject({ calls: 4, failed: 4 })
  expect(report.notes).toEqual([])
  expect(store.ledger.receipts(1)[0]!.notes).toEqual([])
})

test('a spent quota ends the pass, and what was saved before is kept', async () => {
  const { pass, store } = await openLab(SIX_FILES)
  const { llm, server } = await served([
    reply(fileNote()),
    refusal(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }),
  ])
  const report = await pass(llm, { concurrency: 1 })
  expect(report).toMatchObject({
    stop: 'model-failed',
    reason: 'quota reached (429 insufficient_quota): src/f2.ts not written',
    fix: 'add credit, or set another key',
    written: 1,
  })
  expect(server.requests).toHaveLength(2)
  expect(store.summaries.counts()).toContainEqual({ kind: 'file', model: 'served', n: 1 })
})

test('five failures in a row end the pass', async () => {
  const { pass } = await openLab(SIX_FILES)
  const { llm, server } = await served(Array(30).fill(refusal(500, { message: 'out of order' })))
  const report = await pass(llm, { concurrency: 1 })
  expect(report.stop).toBe('model-failed')
  expect(report.reason).toMatch(
    /^5 failures in a row, the last: the endpoint .* failed \(500\): out of order: 5 files not written$/,
  )
  expect(report.notes).toEqual([])
  expect(server.requests).toHaveLength(10) // two attempts each
})

test('five files in a row that the endpoint refuses do not end the pass', async () => {
  const { pass } = await openLab(SIX_FILES)
  const refused = refusal(400, { message: 'maximum context length' })
  const { llm } = await served([
    ...Array(5).fill(refused),
    ...[fileNote(), fileNote(), moduleNote(), repositoryNote()].map((note) => reply(note)),
  ])
  const report = await pass(llm, { concurrency: 1 })
  expect(report).toMatchObject({ stop: 'done', written: 4 })
  expect(report.notes).toEqual([expect.stringMatching(/^5 files: the endpoint /)])
})

test('a reply that a content filter cut off was paid for, and is asked for again after a month', async () => {
  const { pass } = await openLab(ONE_FILE)
  const now = Date.now()
  const { llm, server } = await served(Array(4).fill(reply('', { finish: 'content_filter' })))
  for (const days of [0, 1, 31]) await pass(llm, { clock: () => now + days * 86_400_000 })
  expect(server.requests).toHaveLength(2)
})

test('a hundred refusals before any usable answer end the pass, and nothing is remembered', async () => {
  const many = Array.from({ length: 110 }, (_, n) => [`src/f${n}.ts`, `export function f${n}() {\n  return ${n}\n}\n`])
  const { pass } = await openLab(Object.fromEntries(many))
  const { llm, server } = await served(Array(110).fill(refusal(400, { message: 'no such parameter' })))
  expect(await pass(llm, { concurrency: 1 })).toMatchObject({ stop: 'model-failed' })
  expect(server.requests).toHaveLength(100)
  const other = noting(noteOn, 'served')
  expect(await pass(other)).toMatchObject({ stop: 'done' })
  expect(purposes(other)['file-summary']).toBe(110)
})

test('failures that are not in a row do not end the pass', async () => {
  const { pass } = await openLab(SIX_FILES)
  let asked = 0
  const llm = noting((request) =>
    request.purpose === 'file-summary' && ++asked % 5 > 0
      ? { stop: 'failed', message: 'a hiccup', failure: 'transient' }
      : noteOn(request),
  )
  const report = await pass(llm, { concurrency: 1 })
  expect(report).toMatchObject({ stop: 'done', rejected: 0 })
  expect(report.notes).toEqual(['6 files: a hiccup'])
  const again = noting()
  expect(await pass(again)).toMatchObject({ stop: 'done' })
  expect(purposes(again)['file-summary']).toBe(6)
})

test('an empty answer is never saved, though it is asked for again once', async () => {
  const { pass, store } = await openLab(ONE_FILE)
  const { llm, server } = await served([reply(''), reply('')])
  const report = await pass(llm)
  expect(report).toMatchObject({
    stop: 'done',
    written: 0,
    rejected: 1,
    notes: ['src/a.ts: the reply is empty (after one repair)'],
  })
  expect(server.requests).toHaveLength(2)
  expect(store.summaries.counts().filter(({ model }) => model === 'served')).toEqual([])
})

test('an answer of nothing but empty fields is not saved', async () => {
  const { pass, store } = await openLab(ONE_FILE)
  const report = await pass(noting(() => fileNote({ purpose: ' ', concepts: ['a'] })))
  expect(report).toMatchObject({ written: 0, rejected: 1, notes: ['src/a.ts: the answer says nothing'] })
  expect(store.summaries.counts().filter(({ model }) => model !== 'none')).toEqual([])
})

test('prose in place of JSON is repaired once', async () => {
  const { pass, store } = await openLab(ONE_FILE)
  const { llm, server } = await served([reply('This file does its part.'), reply(fileNote()), reply(repositoryNote())])
  expect(await pass(llm)).toMatchObject({ stop: 'done', written: 2, rejected: 0 })
  expect(server.requests[1]!.body.messages.at(-1).content).toContain('not the JSON asked for')
  expect(store.summaries.latest('src/a.ts', 'file')!.body).toMatchObject({ purpose: 'does its part' })
})

test('half a JSON document is repaired once and then given up', async () => {
  const { pass, store } = await openLab(ONE_FILE)
  const half = fileNote().slice(0, 30)
  const { llm } = await served([reply(half), reply(half)])
  const report = await pass(llm)
  expect(report).toMatchObject({ stop: 'done', written: 0, rejected: 1 })
  expect(report.notes[0]).toMatch(/^src\/a\.ts: the reply is not the JSON asked for: /)
  expect(store.summaries.latest('src/a.ts', 'file')!.model).toBe('none')
})

test('an answer that was cut off is not saved, even where it is whole JSON', async () => {
  const { pass, store } = await openLab(ONE_FILE)
  const { llm, server } = await served([reply(fileNote(), { finish: 'length' })])
  expect(await pass(llm)).toMatchObject({
    written: 0,
    rejected: 1,
    notes: ['src/a.ts: the reply was cut off by a length limit'],
  })
  expect(server.requests).toHaveLength(1)
  expect(store.summaries.counts().filter(({ model }) => model === 'served')).toEqual([])
})

test('each call is in the ledger with its pass, those of a failed pass too', async () => {
  const usage = { prompt_tokens: 700, completion_tokens: 40, prompt_tokens_details: { cached_tokens: 20 } }
  const { pass, store } = await openLab(ONE_FILE)
  const { llm } = await served([reply('prose', { usage }), reply(fileNote(), { usage }), refusal(401, {})])
  const report = await pass(llm)
  expect(report).toMatchObject({
    stop: 'model-failed',
    usage: { calls: 3, inputTokens: 1400, cachedTokens: 40, outputTokens: 80 },
    failedCalls: 1,
  })
  const calls = store.db.all('SELECT phase, pass, purpose, model, stop, input_tokens, recorded FROM call ORDER BY id')
  expect(calls).toEqual([
    {
      phase: 'sleep',
      pass: report.pass,
      purpose: 'file-summary',
      model: 'served',
      stop: 'done',
      input_tokens: 700,
      recorded: 0,
    },
    {
      phase: 'sleep',
      pass: report.pass,
      purpose: 'file-summary',
      model: 'served',
      stop: 'done',
      input_tokens: 700,
      recorded: 0,
    },
    {
      phase: 'sleep',
      pass: report.pass,
      purpose: 'repository-summary',
      model: 'served',
      stop: 'failed',
      input_tokens: 0,
      recorded: 0,
    },
  ])
})

test('Ctrl-C stops the calls under way at once and leaves a receipt', async () => {
  const { pass, store } = await openLab(SIX_FILES)
  const { llm, server } = await served([reply(fileNote()), { kind: 'hang' }, { kind: 'hang' }, { kind: 'hang' }])
  const controller = new AbortController()
  const running = pass(llm, { concurrency: 2, signal: controller.signal })
  await server.seen(3)
  const before = performance.now()
  controller.abort()
  const report = await running
  expect(performance.now() - before).toBeLessThan(1000)
  expect(report).toMatchObject({ stop: 'interrupted', written: 1 })
  expect(server.requests).toHaveLength(3)
  expect(store.ledger.receipts(1)[0]).toMatchObject({ stop: 'interrupted', written: 1, calls: 3 })
})

test('a signal that has fired before makes no call', async () => {
  const { pass } = await openLab(SIX_FILES)
  const llm = noting()
  expect(await pass(llm, { signal: AbortSignal.abort() })).toMatchObject({ stop: 'interrupted', written: 0 })
  expect(llm.requests).toEqual([])
})

test('a pass that the disk ends has failed, and no model is blamed', async () => {
  const { pass, store } = await openLab(ONE_FILE)
  store.db.exec("CREATE TRIGGER full BEFORE INSERT ON summary BEGIN SELECT raise(FAIL, 'disk I/O error'); END")
  await expect(pass(null)).rejects.toThrow('disk I/O error')
  expect(store.ledger.receipts(1)[0]).toMatchObject({ stop: 'failed', reason: 'disk I/O error', model: 'none' })
})

test('a bug in the model closes the receipt and is thrown on', async () => {
  const { pass, store } = await openLab(ONE_FILE)
  const broken = { model: 'broken', complete: async (_: LlmRequest) => Promise.reject(new Error('a bug')) }
  await expect(pass(broken)).rejects.toThrow('a bug')
  expect(store.ledger.receipts(1)[0]).toMatchObject({ stop: 'failed', reason: 'a bug' })
  expect(await pass(noting())).toMatchObject({ stop: 'done' }) // the lock was given up
})

function moduleNote(): string {
  return JSON.stringify({ purpose: 'keeps things together', parts: [], howToExtend: '' })
}

function repositoryNote(): string {
  return JSON.stringify({ purpose: 'a part', layout: [], conventions: [] })
}
