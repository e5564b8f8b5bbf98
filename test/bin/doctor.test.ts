import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { asOnTerminal } from '../helpers/as-on-terminal.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { refusal, reply, startModelServer } from '../helpers/model-server.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { startRepose } from '../helpers/start-repose.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterAll(() => shop.dispose())

function callsOf(purpose: string, db = join(shop.root, '.git/repose/repose.db')) {
  const store = openStore(db)
  const totals = store.ledger.totals(0).filter((row) => row.purpose === purpose)
  store.close()
  return totals
}

test('its one call is in the ledger', async () => {
  const server = await startModelServer([reply('ok')])
  onTestFinished(() => server.close())
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'm' }
  const run = await runRepose(['doctor'], { cwd: shop.root, env })
  expect(run.code).toBe(0)
  expect(run.stdout).toMatch(/ok +model +m answers/)
  expect(server.requests[0]!.body.max_tokens).toBe(50)
  expect(callsOf('doctor')).toMatchObject([{ phase: 'awake', model: 'm', calls: 1, inputTokens: 100 }])
}, 60_000)

test.concurrent.each([
  ['never answers', (_write: (text: string) => boolean) => {}],
  [
    'answers by a space a second',
    (write: (text: string) => boolean) => void setInterval(() => write(' '), 1000).unref(),
  ],
])(
  'an endpoint that %s is not waited for long, and the call that was made is counted',
  async (_, answer) => {
    const db = join(scratchFolder(), 'own.db')
    const server = createServer((request, response) => {
      request.resume()
      answer((text) => response.write(text))
    }).listen(0, '127.0.0.1')
    await new Promise((listening) => server.once('listening', listening))
    const env = { OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, REPOSE_MODEL: 'm' }
    const started = performance.now()
    const run = await startRepose(['doctor', '--json', '--db', db], { cwd: shop.root, env }).finally(() => {
      server.closeAllConnections() // not by onTestFinished(), which would end the server of the test beside it
      server.close()
    })
    expect(performance.now() - started).toBeLessThan(25_000)
    expect(run.code).toBe(1)
    expect(JSON.parse(run.stdout).at(-1)).toMatchObject({
      what: 'model',
      ok: false,
      says: expect.stringContaining('m gave no answer within 10 s'),
    })
    expect(callsOf('doctor', db)).toMatchObject([{ calls: 1 }])
  },
  60_000,
)

test('each line is printed when it is known, and a terminal shows what is waited for', async () => {
  const server = await startModelServer([{ kind: 'hang' }])
  onTestFinished(() => server.close())
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'm' }
  const run = await startRepose(['doctor'], {
    ...{ cwd: shop.root, env },
    during: (child) => void server.seen(1).then(() => child.kill('SIGINT')),
  })
  expect(run).toMatchObject({ code: 130, stdout: expect.stringMatching(/^ok {2}database +whole/m) })
  const answering = await startModelServer([reply('ok')])
  onTestFinished(() => answering.close())
  const { shown } = await asOnTerminal(['doctor'], {
    ...{ cwd: shop.root, env: { ...env, OPENAI_BASE_URL: answering.baseUrl } },
  })
  expect(shown).toMatch(/\rasking the model for a word, for at most 10 s\r +\r/)
}, 60_000)

test('an endpoint that limits the rate has answered, and is not asked again', async () => {
  const limit = refusal(429, { message: 'slow down' }, { 'retry-after': '30' })
  const server = await startModelServer([limit, limit])
  onTestFinished(() => server.close())
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'm' }
  const run = await runRepose(['doctor'], { cwd: shop.root, env })
  expect(run.stdout).toMatch(/^NO {2}model +rate limit reached \(429\).* \(run it again in a while/m)
  expect(server.requests).toHaveLength(1)
}, 60_000)

test('an endpoint without a model is told, as repose sleep tells it', async () => {
  const run = await runRepose(['doctor'], { cwd: shop.root, env: { OPENAI_API_KEY: 'made-up' } })
  expect(run.stdout).toMatch(/^ok {2}model +no model is asked, since .* \(REPOSE_MODEL\)$/m)
})
