import { afterEach, beforeEach, expect, test } from 'vitest'
import { countTokens } from '../../src/tokens/tokens.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { type Behaviour, type ModelServer, refusal, reply, startModelServer } from '../helpers/model-server.ts'
import { runRepose } from '../helpers/run-repose.ts'

let shop: FixtureRepo
let server: ModelServer | undefined
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterEach(async () => {
  await server?.close()
  server = undefined
  await shop.dispose()
})

interface Context {
  files: { path: string; score: number; role: string; why: string[] }[]
}

async function select(behaviours: readonly Behaviour[], request = 'Add a CSV output format', more: string[] = []) {
  server = await startModelServer([...behaviours])
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted' }
  const run = await runRepose(['context', request, '--select', '--json', ...more], { cwd: shop.root, env })
  const prompt = (server.requests[0]?.body.messages ?? []) as { role: string; content: string }[]
  return { run, context: JSON.parse(run.stdout || '{}') as Context, prompt, listed: prompt.at(-1)?.content ?? '' }
}

const numberOf = (listed: string, name: string) => Number(new RegExp(`^(\\d+) ${name}`, 'm').exec(listed)?.[1])

test('the model sees the request and one cheap numbered list, and names the files to modify', async () => {
  const { listed, prompt } = await select([reply('{"files": [2, 1]}')])
  expect(prompt.reduce((sum, { content }) => sum + countTokens(content), 0)).toBeLessThan(1500)
  expect(listed).toContain('<request>\nAdd a CSV output format\n</request>')
  expect(listed).toMatch(/^src\/formatters\/\n(\d+ .*\n)*\d+ index\.ts: FORMATTERS/m)
  expect(listed).not.toContain('.test.ts')
})

test('what it chose is to modify, in its order; what the ranking alone had named is a maybe', async () => {
  const first = await select([reply('{"files": [1]}')])
  const schema = numberOf(first.listed, 'schema.ts')
  const index = numberOf(first.listed, 'index.ts: FORMATTERS')
  await server!.close()
  const { run, context } = await select([reply(`{"files": [${schema}, ${index}, 999]}`)])
  expect(run.code).toBe(0)
  const modify = context.files.filter(({ role }) => role === 'modify')
  expect(modify.map(({ path }) => path)).toEqual(['src/config/schema.ts', 'src/formatters/index.ts'])
  expect(context.files.slice(0, 2)).toEqual(modify)
  expect(modify[0]!.why[0]).toBe('chosen by scripted')
  expect(context.files.length).toBeGreaterThan(20)
  const ledger = JSON.parse((await runRepose(['ledger', '--json'], { cwd: shop.root })).stdout) as {
    totals: { phase: string; calls: number }[]
  }
  expect(ledger.totals).toMatchObject([{ phase: 'awake', calls: 2 }])
})

test.each([
  ['prose twice', [reply('the formatters'), reply('I said: the formatters')], /not the JSON asked for/],
  ['none of the files', [reply('{"files": [5000]}')], /it chose none of the files/],
  ['a wrong key', [refusal(401, { message: 'Incorrect API key', code: 'invalid_api_key' })], /401|key/i],
])('%s: the ranking alone is printed, the reason said, exit code 1', async (_name, behaviours, reason) => {
  const { run, context } = await select(behaviours as Behaviour[])
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(reason)
  expect(run.stderr).toContain('this is the ranking alone')
  expect(context.files.some(({ role }) => role === 'modify')).toBe(true)
})

test('a look that its limit has no room for is not taken: the ranking alone is printed, exit code 3', async () => {
  const { run, context } = await select([], 'Add a CSV output format', ['--select-tokens', '500'])
  expect(run.code).toBe(3)
  expect(run.stderr).toMatch(
    /the budget of 500 tokens has no room.*this is the ranking alone\nfix: {3}raise --select-tokens/,
  )
  expect(context.files.some(({ role }) => role === 'modify')).toBe(true)
  expect(server!.requests).toHaveLength(0)
})

test('without a model it says what to set, and prints nothing', async () => {
  const run = await runRepose(['context', 'Add a CSV output format', '--select'], { cwd: shop.root })
  expect(run.code).toBe(2)
  expect(run.stderr).toMatch(/^error: no key and no endpoint is set\nfix: /m)
  expect(run.stdout).toBe('')
})

test('where nothing speaks of the request, the model chooses from what changed lately', async () => {
  const { run, context, listed } = await select([reply('{"files": [1]}')], 'zzqqy xylograph')
  expect(run.code).toBe(0)
  expect(listed).toContain('zzqqy xylograph')
  const modify = context.files.filter(({ role }) => role === 'modify')
  expect(modify.map(({ why }) => why[0])).toEqual(['chosen by scripted'])
  expect(server!.requests).toHaveLength(1)
})

test('tokens for a look that is not asked for are refused', async () => {
  const run = await runRepose(['context', 'Add a format', '--select-tokens', '5k'], { cwd: shop.root })
  expect(run).toMatchObject({
    code: 2,
    stderr: 'error: --select-tokens goes with --select\nfix:   add --select, or leave --select-tokens out\n',
  })
})
