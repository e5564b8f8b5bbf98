import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { type Behaviour, type ModelServer, refusal, reply, startModelServer } from '../helpers/model-server.ts'
import { runRepose } from '../helpers/run-repose.ts'

let shop: FixtureRepo
let server: ModelServer | undefined
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts')
})
afterEach(async () => {
  await server?.close()
  server = undefined
  await shop.dispose()
})

async function ask(behaviours: readonly Behaviour[], ...more: string[]) {
  server = await startModelServer(behaviours)
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'configured' }
  return runRepose(['ask', 'How is a formatter registered?', ...more], { cwd: shop.root, env })
}

test.each([
  [[], 'configured'],
  [['--model', 'other'], 'other'],
])('the model that is configured or named is asked: %j', async (more, model) => {
  const run = await ask([reply('In src/formatters/index.ts:1.')], ...more)
  expect(run).toMatchObject({ code: 0, stdout: 'In src/formatters/index.ts:1.\n' })
  expect(server!.requests.map(({ body }) => body.model)).toEqual([model])
})

test('--no-model asks none', async () => {
  expect((await ask([], '--no-model')).code).toBe(0)
  expect(server!.requests).toEqual([])
})

test.each([[[]], [['--json']]])('a model that fails is said, and the exit code tells it: %j', async (more) => {
  const run = await ask([refusal(401, { message: 'no such key', code: 'invalid_api_key' })], ...more)
  expect(run.code).toBe(1)
  expect(run.stdout).toContain('src/formatters/index.ts')
  expect(run.stderr).toContain('this is from the index alone')
})
