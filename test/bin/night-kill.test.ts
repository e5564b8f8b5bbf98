import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { startRepose } from '../helpers/start-repose.ts'
import { userConfig } from '../helpers/user-config.ts'

/** Nights that are killed; the thirty with KILLS=30. */
const KILLS = Number(process.env.KILLS ?? 4)
const ITEMS = ['Round the VAT down', 'Round the VAT up', 'Print the VAT apart']
const CALLS = 3 * ITEMS.length // triage, look, edit

let shop: FixtureRepo
let paid = 0
const server = createServer(async (request, response) => {
  const { messages } = JSON.parse(await text(request)) as { messages: readonly { content: string }[] }
  const said = messages.map(({ content }) => content).join('\n')
  paid++
  await setTimeout(80)
  const title = ITEMS.find((one) => said.includes(one))!
  const content = said.includes('waits in the backlog')
    ? '{"verdict": "ready"}'
    : said.includes('Name everything you must see')
      ? 'open src/vat.ts'
      : `@@ create src/${title.toLowerCase().replaceAll(' ', '-')}.ts\n<<<<<<< text\nexport const title = '${title}'\n>>>>>>> end`
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 }
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({
      id: 'x',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage,
    }),
  )
})

beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { history: false })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await shop.dispose()
})

/** As a process of its own, if it is to be killed. */
function repose(args: readonly string[], killAfterMs?: number) {
  const config = { backlog: { draft: true }, caps: { dayTokens: 10_000_000 } }
  const env = {
    ...userConfig(shop.root, config),
    OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    REPOSE_MODEL: 'scripted',
  }
  if (killAfterMs === undefined) return runRepose(args, { cwd: shop.root, env })
  return startRepose(args, { cwd: shop.root, env, mostMs: killAfterMs })
}

test.skipIf(isWindows)(
  `a night that is killed ${KILLS} times pays only for calls in flight twice, and leaves nothing half done`,
  async () => {
    for (const item of ITEMS) await repose(['backlog', 'add', item])
    let killed = 0
    const startedAt = performance.now()
    await repose(['status'], 60_000)
    const ownMs = performance.now() - startedAt // of a run without a night
    for (let i = 0; i < KILLS; i++) {
      const { signal } = await repose(
        ['sleep', '--only', 'backlog'],
        ownMs * (0.6 + Math.random()) + Math.random() * 600,
      )
      if (signal === 'SIGKILL') killed++
      const store = openStore(`${shop.root}/.git/repose/repose.db`)
      for (const commit of store.backlog.commits().values()) await shop.git('cat-file', '-e', `${commit}^{tree}`)
      store.close()
    }
    const last = await repose(['sleep', '--only', 'backlog', '--json'])
    expect(last.code).toBe(0)

    const list = JSON.parse((await repose(['backlog', '--json'])).stdout)
    expect(list.items.map((item: { state: string }) => item.state)).toEqual(ITEMS.map(() => 'drafted'))
    for (const [i, { draft }] of list.items.entries())
      expect(draft.files).toEqual([`src/${ITEMS[i]!.toLowerCase().replaceAll(' ', '-')}.ts`])
    expect(paid).toBeGreaterThanOrEqual(CALLS)
    expect(paid).toBeLessThanOrEqual(CALLS + killed)
    expect((await shop.git('for-each-ref', '--format=%(refname)', 'refs/repose')).trim().split('\n')).toHaveLength(
      ITEMS.length,
    )
    expect((await shop.git('worktree', 'list')).trim().split('\n')).toHaveLength(1)
    expect(await shop.git('status', '--porcelain')).toBe('')
  },
  600_000,
)
