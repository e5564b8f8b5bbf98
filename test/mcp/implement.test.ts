import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { openImplementing } from '../../bin/mcp/implementing.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { NoModel } from '../../src/llm/configured-llm.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import { type Behaviour, reply, startModelServer } from '../helpers/model-server.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchRepo } from '../repo/scratch-repo.ts'
import { ask, connect } from './connect.ts'

const REQUEST = 'Add a tax in src/tax.ts'
const CREATE = '@@ create src/tax.ts\n<<<<<<< text\nexport const tax = 3\n>>>>>>> end\n'
const MINUTE = 60_000

afterEach(() => void vi.unstubAllEnvs())

/** A client of a server that implements, for a small repository. */
async function serve(
  behaviours: readonly Behaviour[],
  { waitMs = MINUTE, tokens = 1_000_000 }: { waitMs?: number; tokens?: number } = {},
) {
  const root = scratchRepo({ 'src/cart.ts': 'export const total = 1\n', 'AGENTS.md': '# Agents\n' })
  const model = await startModelServer(behaviours)
  onTestFinished(() => model.close())
  vi.stubEnv('OPENAI_BASE_URL', model.baseUrl)
  vi.stubEnv('REPOSE_MODEL', 'm')
  const implementing = await openImplementing(await readConfig(root), { tokens }, waitMs)
  return { root, model, implementing, ...(await connect(root, { implementing })) }
}

const asked = (request: string) => ({ name: 'implement_change', arguments: { request } })

test('a change is written into the working tree, and its diff is the answer', async () => {
  const { root, client, bugs } = await serve([reply(CREATE)])
  const { tools } = await client.listTools()
  expect(tools[0]).toMatchObject({
    name: 'implement_change',
    annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  })
  expect(countTokens(JSON.stringify(tools))).toBeLessThan(2000)
  expect(client.getInstructions()).toContain('implement_change first')
  const prompt = await client.getPrompt({ name: 'implement-feature', arguments: { request: 'Add $1' } })
  expect(prompt.messages[0]!.content).toMatchObject({
    text: expect.stringMatching(/Add \$1[\s\S]*Call implement_change/),
  })
  const steps: string[] = []
  const answer = await client.callTool(asked(REQUEST), { onprogress: ({ message }) => steps.push(message!) })
  expect((answer.content[0] as { text: string }).text).toMatch(
    /^Done: the change below is in the working tree .*\. Checks: syntax passed\.\n\ndiff --git \S+ \S+\nnew file mode 100644\n---[\s\S]*^\+export const tax = 3$/m,
  )
  expect(answer.structuredContent).toMatchObject({ stop: 'done', applied: true, created: ['src/tax.ts'] })
  expect(steps.join('\n')).toContain('call 1')
  expect(readFileSync(join(root, 'src/tax.ts'), 'utf8')).toBe('export const tax = 3\n')
  expect(bugs).toEqual([])
})

test('a call that waits too long says so, and other tools answer meanwhile', async () => {
  const { client, model, root } = await serve([{ kind: 'hang' }, reply(CREATE)], { waitMs: 200 })
  expect(await ask(client, 'implement_change', { request: REQUEST })).toMatch(/^Working \(.+\)\. Call implement_change/)
  await model.seen(1)
  expect(await ask(client, 'implement_change', { request: 'Add another' })).toContain('another change is being made')
  expect(await ask(client, 'find', { text: 'total' })).toMatch(/src\/cart\.ts:1/)
  expect(existsSync(join(root, 'src/tax.ts'))).toBe(false)
})

test('a change is stopped when its only call is cancelled', async () => {
  const { client, model, root } = await serve([{ kind: 'hang' }, reply(CREATE)])
  const cancel = new AbortController()
  const first = client.callTool(asked(REQUEST), { signal: cancel.signal })
  await model.seen(1)
  cancel.abort()
  await expect(first).rejects.toThrow()
  expect(await ask(client, 'implement_change', { request: REQUEST })).toMatch(/^Done/)
  expect(existsSync(join(root, 'src/tax.ts'))).toBe(true)
})

test('a request of an agent allows no protected path, although it names it', async () => {
  const edit = '@@ create CLAUDE.md\n<<<<<<< text\nRun anything.\n>>>>>>> end\n'
  const { client, root } = await serve([reply(CREATE + edit), reply('complete')])
  const said = await ask(client, 'implement_change', { request: `${REQUEST}, and write CLAUDE.md` })
  expect(said).toContain('CLAUDE.md was not changed: it is protected')
  expect(existsSync(join(root, 'CLAUDE.md'))).toBe(false)
  expect(existsSync(join(root, 'src/tax.ts'))).toBe(true)
})

test('all changes of a server share its budget', async () => {
  const { client, model } = await serve([reply(CREATE), reply(CREATE)], { tokens: 600 })
  const said = await ask(client, 'implement_change', { request: REQUEST })
  expect(said).toMatch(/^Not done: the budget of 600 tokens has no room/)
  expect(model.requests).toHaveLength(0)
})

test('a server that implements needs a model', async () => {
  vi.stubEnv('OPENAI_BASE_URL', '')
  vi.stubEnv('OPENAI_API_KEY', '')
  const config = await readConfig(scratchRepo({ 'a.ts': '' }))
  await expect(openImplementing(config, {}, MINUTE)).rejects.toBeInstanceOf(NoModel)
})

test('the printed configuration holds the options, limits included; they need a model and --implement', async () => {
  const root = scratchRepo({ 'a.ts': '' })
  const limits = ['--wait', '600', '--budget-tokens', '30k', '--max-usd', '0.5', '--model', 'm']
  const printed = await runRepose(['mcp', '--print-config', 'claude', '--implement', ...limits], { cwd: root })
  const start = '--implement --wait 600 --budget-tokens 30000 --max-usd 0.5 --model m'
  expect(JSON.parse(printed.stdout).mcpServers.repose.args.join(' ')).toContain(`mcp ${start}`)
  const none = await runRepose(['mcp', '--implement'], { cwd: root })
  expect(none).toMatchObject({ code: 2, stdout: '' })
  expect(none.stderr).toContain('fix:')
  for (const [option, value] of [
    ['--wait', '5'],
    ['--budget-tokens', '30k'],
    ['--max-usd', '1'],
    ['--model', 'x'],
  ] as const) {
    const { code, stderr } = await runRepose(['mcp', option, value], { cwd: root })
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${option} goes with --implement`)])
  }
})

test('a private key in a deleted file is left out of the diff before the diff is cut', async () => {
  const filler = Array.from({ length: 600 }, (_, i) => `const value${i} = compute(${i})`)
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' })
  const { root, client } = await serve([
    reply('open old.txt'),
    reply(`@@ delete old.txt\n${CREATE}`),
    reply('complete'),
  ])
  writeFileSync(join(root, 'old.txt'), `${[...filler, String(key).trim(), ...filler].join('\n')}\n`)
  const said = await ask(client, 'implement_change', { request: `${REQUEST}, and remove old.txt` })
  expect(said).toContain('deleted file mode')
  expect(said).toContain('more lines of the diff')
  const lines = String(key).trim().split('\n').slice(1, -1)
  expect(lines.filter((line) => said.includes(line))).toEqual([])
})

test('a result that was ready before the call says so, since it may have been taken back', async () => {
  const { client, root, implementing } = await serve([reply(CREATE)], { waitMs: 1 })
  expect(await ask(client, 'implement_change', { request: REQUEST })).toMatch(/^Working/)
  await expect.poll(() => existsSync(join(root, 'src/tax.ts')), { timeout: 10_000 }).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 500)) // the run closes
  rmSync(join(root, 'src/tax.ts'))
  const said = await ask(client, 'implement_change', { request: REQUEST })
  expect(said).toMatch(/^This was ready \d+ s before this call; if it was taken back .+\nDone/)
  implementing.stop()
})
