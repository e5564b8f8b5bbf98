import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { fileNote } from '../agents/sleep/note-model.ts'
import { type BatchServer, startBatchServer } from '../helpers/batch-server.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { userConfig } from '../helpers/user-config.ts'

let shop: FixtureRepo
let server: BatchServer
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  server = await startBatchServer()
})
afterEach(async () => {
  await server.close()
  await shop.dispose()
})

const CONFIG = {
  backlog: { draft: true, forecasts: true },
  caps: { dayTokens: 100_000 },
  prices: { scripted: { inputPerMillion: 2, outputPerMillion: 2 } },
}
async function repose(args: readonly string[], config: object = CONFIG) {
  const env = {
    ...userConfig(shop.root, config),
    ...{ OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted' },
  }
  return runRepose(args, { cwd: shop.root, env, input: '' })
}
const json = async (args: readonly string[], config?: object) =>
  JSON.parse((await repose([...args, '--json'], config)).stdout)
const unclear = JSON.stringify({ verdict: 'unclear', questions: ['Which part?'] })
const forecasts = JSON.stringify({ forecasts: [{ title: 'Add a gift wrap', files: ['src/vat.ts'], evidence: ['E1'] }] })
const isTriage = ({ body }: { body: { messages: { content: string }[] } }) =>
  body.messages[0]!.content.includes('waits in the backlog')

test('judging and forecasts are left with the Batch API at half the price, and a later pass takes up the replies for nothing', async () => {
  await repose(['backlog', 'add', 'Make it better'])
  const first = await repose(['sleep', '--only', 'backlog', '--batch'])
  expect(first.stdout).toContain('- left with the Batch API: 2 calls; a later pass takes up the replies\n')
  expect(first.code).toBe(0)
  expect(server.batches.map((calls) => calls.length)).toEqual([2])
  expect(server.batches[0]![0]).toMatchObject({ url: '/v1/chat/completions', body: { model: 'scripted' } })
  const estimated = (await json(['ledger'])).totals
  expect(estimated.map(({ purpose }: { purpose: string }) => purpose).sort()).toEqual(['forecast', 'triage'])
  for (const { inputTokens, outputTokens, usd } of estimated) {
    expect(inputTokens).toBeGreaterThan(300) // it counts from the moment at which it is sent
    expect(usd).toBeCloseTo((inputTokens + outputTokens) / 1e6, 6)
  }

  const early = await repose(['sleep', '--only', 'backlog']) // not made twice, although nothing is left with --batch
  expect(early.stdout).toContain('- a batch is not ready yet\n')
  expect((await json(['backlog'])).items).toMatchObject([{ state: 'waiting' }])

  server.finish((call) => (isTriage(call) ? unclear : forecasts))
  const later = await repose(['sleep', '--only', 'backlog'])
  expect(later.stdout).toContain('- a batch has ended: 2 replies\n')
  expect((await json(['backlog'])).items).toMatchObject([{ state: 'needs-you', questions: ['Which part?'] }])
  expect((await json(['backlog', '--forecasts'])).forecasts).toMatchObject([{ request: 'Add a gift wrap' }])
  const { totals } = await json(['ledger'])
  for (const row of totals) expect(row).toMatchObject({ calls: 1, inputTokens: 800, outputTokens: 50, usd: 850 / 1e6 })
  expect((await json(['backlog', 'show', '1'])).cost).toMatchObject({ calls: 1, tokens: 850 })
  expect(server.batches).toHaveLength(1)
  expect(server.direct()).toBe(0)
})

test('an endpoint that reports no tokens for the replies of a batch is not believed', async () => {
  await server.close()
  server = await startBatchServer({ prompt_tokens: 0, completion_tokens: 0 })
  await repose(['backlog', 'add', 'Make it better'])
  await repose(['sleep', '--only', 'backlog', '--batch'])
  server.finish((call) => (isTriage(call) ? unclear : forecasts))
  await repose(['sleep', '--only', 'backlog'])
  const { totals } = await json(['ledger'])
  expect(totals).toHaveLength(2)
  for (const { calls, inputTokens, outputTokens, usd } of totals) {
    expect(calls).toBe(1)
    expect(inputTokens).toBeGreaterThan(300)
    expect(outputTokens).toBeGreaterThan(5)
    expect(usd).toBeCloseTo((inputTokens + outputTokens) / 1e6, 6)
  }
})

const SUMMARIES = { ...CONFIG, backlog: { draft: false }, caps: { dayTokens: 1_000_000 } }
const noteOnPart = ({ body }: { body: { messages: { content: string }[] } }) =>
  fileNote({ purpose: `does part ${body.messages[1]!.content.length}` })

/** Answers the chat completions that are asked for directly. */
function answerDirectly(content: string): void {
  const said = { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content } }] }
  server.instead((path) => (path === '/v1/chat/completions' ? JSON.stringify(said) : null))
}

test('summaries of files come from a batch; folders wait for them, and are asked for without a batch', async () => {
  answerDirectly(
    JSON.stringify({ purpose: 'keeps its parts', parts: [], howToExtend: '', layout: [], conventions: [] }),
  )
  const first = await json(['sleep', '--batch'], SUMMARIES)
  const files = server.batches[0]!.length
  expect(files).toBeGreaterThan(5)
  expect(first.written).toBe(0)
  server.finish(noteOnPart)
  const second = await json(['sleep', '--batch'], SUMMARIES)
  expect(second.written).toBeGreaterThan(files + 1)
  expect((await json(['sleep', '--batch'], SUMMARIES)).written).toBe(0)
  expect(server.batches).toHaveLength(1)
  const { totals } = await json(['ledger'])
  expect(totals.map(({ purpose }: { purpose: string }) => purpose).sort()).toEqual([
    'file-summary',
    'module-summary',
    'repository-summary',
  ])
})

test('folders have summaries although a file in them changes each night', async () => {
  answerDirectly(
    JSON.stringify({ purpose: 'keeps its parts', parts: [], howToExtend: '', layout: [], conventions: [] }),
  )
  server.finish(noteOnPart)
  for (const night of [1, 2, 3]) {
    await shop.write('src/vat.ts', `export const VAT = ${night} * ${'1 * '.repeat(40)} 1\n`)
    await json(['sleep', '--batch'], SUMMARIES)
  }
  const store = openStore(join(shop.root, '.git/repose/repose.db'))
  onTestFinished(() => store.close())
  expect(store.summaries.latest('.', 'repository')).toMatchObject({ body: { purpose: 'keeps its parts' } })
})

test('a reply that was cut off in a batch, and then needs a repair of its claims, is paid for once', async () => {
  server.finish(noteOnPart, 'length')
  await json(['sleep', '--batch'], SUMMARIES)
  answerDirectly(fileNote({ purpose: 'calls `madeUpName`', watchOut: 'it has no tests', texts: ['does its part'] }))
  const second = await json(['sleep', '--batch'], SUMMARIES)
  expect(second.written).toBeGreaterThan(5)
  expect(server.batches).toHaveLength(1)
})

test('calls that failed in a batch are asked again, and cost nothing', async () => {
  await repose(['backlog', 'add', 'Make it better'])
  await repose(['sleep', '--only', 'backlog', '--batch'])
  server.finish((call) => (isTriage(call) ? null : forecasts))
  const later = await repose(['sleep', '--only', 'backlog', '--batch'])
  expect(later.stdout).toContain('- a batch has ended: 1 reply; 1 has none and is asked again\n')
  expect(server.batches.map((calls) => calls.length)).toEqual([2, 1])
  const { totals } = await json(['ledger'])
  expect(totals.find(({ purpose }: { purpose: string }) => purpose === 'triage')).toMatchObject({ calls: 2, failed: 1 })
})

test('replies of a batch are forgotten if neither they nor their repairs can be used', async () => {
  await repose(['sleep', '--batch'], SUMMARIES)
  server.finish(() => 'no JSON')
  answerDirectly('no JSON either')
  const failed = await repose(['sleep', '--batch'], SUMMARIES)
  expect(failed.code).toBe(1)
  answerDirectly(fileNote({ purpose: 'does its part' }))
  expect((await json(['sleep'], SUMMARIES)).written).toBeGreaterThan(0)
})

test.each([400, 405, 501])('an endpoint that answers %i to a batch has not taken it', async (status) => {
  await repose(['backlog', 'add', 'Make it better'])
  server.fail(status)
  const run = await repose(['sleep', '--only', 'backlog', '--batch'])
  expect(run.stdout).toContain('- nothing was left with the Batch API: ')
})

test('a batch that cannot be looked at is given up after two days, and its calls are made again', async () => {
  await repose(['backlog', 'add', 'Make it better'])
  await repose(['sleep', '--only', 'backlog', '--batch'])
  server.instead((path) => (path.startsWith('/v1/batches/') ? '{}' : null))
  expect((await repose(['sleep', '--only', 'backlog'])).stdout).toContain('- a batch could not be looked at: ')
  const store = openStore(join(shop.root, '.git/repose/repose.db'))
  store.db.run('UPDATE batch SET sent_at = sent_at - ?', 2.1 * 86_400_000)
  store.close()
  const late = await repose(['sleep', '--only', 'backlog'])
  expect(late.stdout).toMatch(
    /- a batch has ended: 0 replies; \d have none, since it was given up after two days \(a batch could not be looked at/,
  )
  expect(server.direct()).toBeGreaterThan(0)
})

test('a reply in a batch that was cut off is dropped, and its call is made again without a batch', async () => {
  await repose(['backlog', 'add', 'Make it better'])
  await repose(['sleep', '--only', 'backlog', '--batch'])
  server.finish((call) => (isTriage(call) ? unclear.slice(0, 20) : forecasts), 'length')
  answerDirectly(unclear)
  await repose(['sleep', '--only', 'backlog', '--batch'])
  expect(server.batches).toHaveLength(1)
  expect((await json(['backlog'])).items).toMatchObject([{ state: 'needs-you', questions: ['Which part?'] }])
})

test('a batch whose making was cut off is found by its name; one that never arrived is asked again', async () => {
  await repose(['backlog', 'add', 'Make it better'])
  server.fail('after')
  const cut = await repose(['sleep', '--only', 'backlog', '--batch'])
  expect(cut.stdout).toContain('- it is not known whether a batch arrived: ')
  server.finish((call) => (isTriage(call) ? unclear : forecasts))
  expect((await repose(['sleep', '--only', 'backlog'])).stdout).toContain('- a batch has ended: 2 replies\n')
  expect(server.batches).toHaveLength(1)
})

test('an endpoint without a Batch API is told, nothing counts as spent, and no call is made instead', async () => {
  await repose(['backlog', 'add', 'Make it better'])
  server.fail(404)
  const run = await repose(['sleep', '--only', 'backlog', '--batch'])
  expect(run.stdout).toMatch(/- nothing was left with the Batch API: .*\(leave out --batch to make the calls now\)/)
  expect((await json(['ledger'])).totals.every(({ inputTokens }: { inputTokens: number }) => inputTokens === 0)).toBe(
    true,
  )
  expect(server.direct()).toBe(0)
})

test('what is left counts against the budget and the caps', async () => {
  for (const n of [1, 2, 3, 4, 5, 6]) await repose(['backlog', 'add', `Make part ${n} better`])
  const config = { ...CONFIG, backlog: { draft: true } }
  await repose(['sleep', '--only', 'backlog', '--batch', '--budget-tokens', '5k'], config)
  const [left] = (await json(['ledger'])).totals
  expect(left.inputTokens + left.outputTokens).toBeLessThanOrEqual(5000)
  expect(left.calls).toBeGreaterThan(0)
  expect(left.calls).toBeLessThan(6)
  const capped = await repose(['sleep', '--batch'], { ...config, caps: { dayTokens: 1000 } })
  expect(capped.stderr).toContain('the cap of the day is reached')
})

test('forecasts are shown with their evidence, approved, and counted; implement pays nothing to recognise one', async () => {
  expect((await repose(['backlog', '--forecasts'])).stderr).toContain('no forecast yet: repose sleep --only backlog')
  expect((await repose(['backlog', '--forecasts'], {})).stderr).toContain(
    'your configuration does not say {"backlog": {"forecasts": true}}',
  )
  server.finish(() => forecasts)
  const dry = await repose(['sleep', '--dry-run'])
  expect(dry.stdout).toContain('would ask what may be requested next: about 2,500 tokens\n')
  expect(dry.stdout).toMatch(/\nread by:\nkind +who\ndrafts +you .*\n[\s\S]*\nfiles +context, search, MCP explain\n/)
  await repose(['sleep', '--only', 'backlog', '--batch'])
  await repose(['sleep', '--only', 'backlog'])
  const shown = (await repose(['backlog', '--forecasts'])).stdout
  expect(shown).toMatch(
    /^1 {2}Add a gift wrap\n {3}likely: 50 % as the model says, 0 min ago\n {3}files: {2}src\/vat.ts\n {3}because: /,
  )
  expect(shown).toContain('1 forecast so far: 0 came, 0 nobody asked for, 0 you dropped, 1 open\n')
  expect((await repose(['backlog'])).stderr).toContain('nothing is waiting')
  expect((await repose(['backlog', 'show', '1'])).stdout).toMatch(
    /state: {3}forecast\n[\s\S]*because: .*\n[\s\S]*plan: {4}src\/vat.ts/,
  )

  await repose(['implement', 'Wrap gifts, please']) // other words: no question is asked about forecasts alone
  expect((await json(['ledger'])).totals.map(({ purpose }: { purpose: string }) => purpose)).not.toContain('recognise')
  const same = await repose(['implement', 'add a gift wrap'])
  expect(same.stderr).toContain(
    'forecast: request 1, "Add a gift wrap" (recognised by its number, address or words); from its plan',
  )
  expect((await repose(['backlog', '--forecasts', '--all'])).stdout).toContain('hit (asked for)')
})

test('after a question that brought no forecast, the list says so, and when the next one comes', async () => {
  server.finish((call) =>
    isTriage(call) ? unclear : JSON.stringify({ forecasts: [{ title: 'Do it', evidence: [] }] }),
  )
  await repose(['sleep', '--only', 'backlog', '--batch'])
  await repose(['sleep', '--only', 'backlog'])
  expect((await repose(['backlog', '--forecasts'])).stderr).toMatch(
    /^the model was asked 0 min ago, and it proposed 1, of which 0 could be kept: it is asked again after 20\d\d-.*, once ten commits have come$/m,
  )
  expect((await json(['backlog', '--forecasts'])).lastQuestion).toMatchObject({ proposed: 1, refused: 1 })
})

test('replies that use all that they may do not exceed the budget', async () => {
  await server.close()
  server = await startBatchServer({ prompt_tokens: 600, completion_tokens: 4000 })
  const config = { ...CONFIG, backlog: { draft: false }, caps: {} }
  await repose(['sleep', '--batch', '--budget-tokens', '20k'], config)
  const [calls] = server.batches
  const most = calls!.reduce((sum, { body }) => sum + body.max_tokens, 0)
  expect(calls!.length).toBeGreaterThan(2)
  expect(most).toBeLessThan(20_000)
  for (const { body } of calls!) expect(body.max_tokens).toBeLessThanOrEqual(4000)
})

describe('an endpoint that answers anything', () => {
  const odd: Readonly<Record<string, Parameters<BatchServer['instead']>[0]>> = {
    'null for the state of a batch': (path) => (/batches\/./.test(path) ? 'null' : null),
    'null for a new batch': (path) => (path.endsWith('/batches') ? 'null' : null),
    'null for a file': (path) => (path.endsWith('/files') ? 'null' : null),
    'a message that is no text': (path) =>
      /batches\/./.test(path) ? '{"status":"failed","errors":{"data":[{"message":{"toString":1}}]}}' : null,
    'an output file that is an object': (path) =>
      /batches\/./.test(path) ? '{"status":"completed","output_file_id":{"a":1}}' : null,
    'millions of lines': (path) => (path.endsWith('/content') ? '\n'.repeat(9_000_000) : null),
  }
  test.each(Object.entries(odd))('%s', async (_name, answer) => {
    await repose(['backlog', 'add', 'Make it better'])
    server.finish(() => unclear)
    server.instead(answer)
    for (const _pass of [1, 2]) {
      const { code, stderr } = await repose(['sleep', '--only', 'backlog', '--batch'])
      expect(stderr).not.toContain('bug')
      expect(code).toBe(0)
    }
  })
})
