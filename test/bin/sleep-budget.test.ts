import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileNote } from '../agents/sleep/note-model.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { type ModelServer, reply, startModelServer } from '../helpers/model-server.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { userConfig } from '../helpers/user-config.ts'

let shop: FixtureRepo
let server: ModelServer
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  server = await startModelServer(
    Array.from({ length: 60 }, (_, n) => ({
      ...reply(fileNote({ purpose: `does part ${n}` })),
      usage: { prompt_tokens: 700, completion_tokens: 100 },
    })),
  )
})
afterEach(async () => {
  await server.close()
  await shop.dispose()
})

const sleep = (...args: string[]) =>
  runRepose(['sleep', ...args], {
    cwd: shop.root,
    env: { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted' },
  })

test('a pass that has used its budget has done as told: exit code 0, and what waits for the next one is said', async () => {
  const { code, stdout, stderr } = await sleep('--budget-tokens', '6k', '--concurrency', '1')
  expect(stdout).toMatch(/^the budget is used: \d+ summaries that are due wait for the next pass$/m)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(server.requests.length).toBeGreaterThan(0)
  expect(800 * server.requests.length).toBeLessThanOrEqual(6000)
})

test.each([['0'], ['500']])('with room for nothing it says so and exits with 3: --budget-tokens %s', async (tokens) => {
  for (const dry of [['--dry-run'], []]) {
    const { code, stderr } = await sleep('--budget-tokens', tokens, ...dry)
    expect(code).toBe(3)
    expect(stderr).toMatch(/^error: the budget .*\nfix: {3}raise --budget-tokens/)
  }
  expect(server.requests).toEqual([])
})

test('a dry run keeps to the budget, and says what is left for later passes', async () => {
  const { stdout } = await sleep('--dry-run', '--budget-tokens', '10_000')
  const [, summaries, input, output] = /^would write (\d+) summaries .*: about ([\d,]+) tokens in, ([\d,]+) out/.exec(
    stdout,
  )!
  const tokens = Number(input!.replace(',', '')) + Number(output!.replace(',', ''))
  expect(Number(summaries)).toBeGreaterThan(2)
  expect(tokens).toBeLessThanOrEqual(10_000)
  expect(stdout).toMatch(/^left for later passes by the budget: \d+ summaries, about /m)
  expect((await sleep('--dry-run')).stdout).not.toContain('later passes')
  expect((await sleep('--dry-run', '--budget-tokens', '100')).stdout).toMatch(
    /^the budget has no room for any of the \d+ summaries/,
  )
})

test('the budget may stand in the configuration or in the environment, and be written short', async () => {
  await shop.write('repose.config.json', JSON.stringify({ sleep: { budgetTokens: '10k' } }))
  const planned = async (env: Record<string, string> = {}) => {
    const own = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted', ...env }
    const run = await runRepose(['sleep', '--dry-run', '--json'], { cwd: shop.root, env: own })
    const { estimate } = JSON.parse(run.stdout)
    return estimate.inputTokens + estimate.outputTokens
  }
  expect(await planned()).toBeLessThanOrEqual(10_000)
  expect(await planned()).toBeGreaterThan(7000)
  expect(await planned({ REPOSE_BUDGET_TOKENS: '4k' })).toBeLessThanOrEqual(4000)
  expect(await planned({ REPOSE_BUDGET_TOKENS: '' })).toBeGreaterThan(7000)
  const wrong = await runRepose(['sleep'], { cwd: shop.root, env: { REPOSE_BUDGET_TOKENS: 'lots' } })
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toMatch(
    /^error: REPOSE_BUDGET_TOKENS takes a whole number .*, not 'lots'\nfix: {3}write it like 30000/,
  )
  await shop.write('repose.config.json', JSON.stringify({ sleep: { budgetTokens: 'lots' } }))
  const bad = await runRepose(['sleep'], { cwd: shop.root })
  expect(bad.code).toBe(2)
  expect(bad.stderr).toMatch(
    /"sleep\.budgetTokens": a whole number from 0 up is wanted, such as 30000, "30_000", "30k"/,
  )
})

test.each([
  ['is used up', { dayTokens: 0 }, 'the cap of the day is reached'],
  ['cannot be checked', { dayUsd: 1 }, 'the price of scripted is not known, so a cap in US$ counts as reached'],
])('a cap of the user that %s binds a pass that is started by hand', async (_, caps, why) => {
  const env = {
    ...userConfig(shop.root, { caps }),
    ...{ OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted' },
  }
  const { code, stderr } = await runRepose(['sleep'], { cwd: shop.root, env })
  expect(stderr).toContain(`error: ${why}\nfix:   `)
  expect(code).toBe(3)
  expect(server.requests).toEqual([])
})

test('a pass spends no more than a cap leaves', async () => {
  const env = {
    ...userConfig(shop.root, { caps: { dayTokens: 6000 } }),
    ...{ OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted' },
  }
  await runRepose(['sleep', '--concurrency', '1'], { cwd: shop.root, env })
  expect(server.requests.length).toBeGreaterThan(0)
  expect(800 * server.requests.length).toBeLessThanOrEqual(6000)
})

test.each([
  ['a summary', 2, '20k', 0, 'warning: not every summary was written: name another model'],
  ['all of them', 60, '3k', 3, 'error: no summary was written\nfix:   name another model'],
])('a pass that leaves %s out says what is wrong', async (_, rejected, tokens, code, words) => {
  const lying = reply(fileNote({ purpose: 'Calls `madeUpName`.' }))
  const other = await startModelServer([...Array(rejected).fill(lying), ...Array(60).fill(reply(fileNote()))])
  const run = await runRepose(['sleep', '--concurrency', '1', '--budget-tokens', tokens], {
    cwd: shop.root,
    env: { OPENAI_BASE_URL: other.baseUrl, REPOSE_MODEL: 'scripted' },
  })
  await other.close()
  expect(run.stderr).toBe(`${words} (--model or REPOSE_MODEL)\n`)
  expect(run.code).toBe(code)
})

test('the fix names the setting that limits a pass: a cap of the configuration', async () => {
  const env = { ...userConfig(shop.root, { caps: { passTokens: 500 } }), OPENAI_BASE_URL: server.baseUrl }
  const run = (...args: string[]) =>
    runRepose(['sleep', ...args], { cwd: shop.root, env: { ...env, REPOSE_MODEL: 'scripted' } })
  const { code, stderr } = await run()
  expect(code).toBe(3)
  expect(stderr).toMatch(/^error: the budget .*\nfix: {3}raise caps\.passTokens in ~\/\.config\/repose\/config\.json; /)
  expect((await run('--dry-run')).stderr).toContain('fix:   raise caps.passTokens in')
  expect((await run('--budget-tokens', '400')).stderr).toContain('fix:   raise --budget-tokens or --max-usd')
  expect(server.requests).toEqual([])
})
