import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { asOnTerminal } from '../helpers/as-on-terminal.ts'
import { copyFixture } from '../helpers/fixture-repo.ts'
import { type Behaviour, refusal, reply, startModelServer } from '../helpers/model-server.ts'
import { withoutColours } from '../helpers/on-terminal.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { userConfig } from '../helpers/user-config.ts'
import { scratchRepo } from '../repo/scratch-repo.ts'

async function ask(behaviours: readonly Behaviour[], ...more: string[]) {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const server = await startModelServer(behaviours)
  onTestFinished(() => server.close())
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'configured' }
  const run = await runRepose(['ask', 'How is a formatter registered?', ...more], { cwd: shop.root, env })
  return { run, asked: server.requests.map(({ body }) => body.model as string) }
}

// as much as the question takes by our own count: less would not be believed
const STATED = { prompt_tokens: 1500, completion_tokens: 10, prompt_tokens_details: { cached_tokens: 20 } }

test.each([
  [[], 'configured'],
  [['--model', 'other'], 'other'],
])('the model that is configured or named is asked: %j', async (more, model) => {
  const { run, asked } = await ask([reply('In src/formatters/index.ts:1.', { usage: STATED })], ...more)
  expect(run).toMatchObject({ code: 0, stdout: 'In src/formatters/index.ts:1.\n' })
  expect(run.stderr).toBe('tokens: 1,510 in 1 call (input 1,500, of it cached 20; output 10), price unknown\n')
  expect(asked).toEqual([model])
})

test('what a call took is in the JSON; null where none was made', async () => {
  const { run } = await ask([reply('Yes.', { usage: STATED })], '--json')
  const usage = { calls: 1, inputTokens: 1500, cachedTokens: 20, outputTokens: 10, usd: null }
  expect(JSON.parse(run.stdout).usage).toEqual(usage)
  expect(JSON.parse((await ask([], '--json', '--no-model')).run.stdout)).toMatchObject({ usage: null, model: 'none' })
})

test('--no-model asks none', async () => {
  const { run, asked } = await ask([], '--no-model')
  expect(run.code).toBe(0)
  expect(asked).toEqual([])
})

test('words that only ask find nothing, and what is defined comes before its tests', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const say = (question: string) => runRepose(['ask', '--no-model', question], { cwd: shop.root })
  expect(await say('How does kubernetes work, and where is it?')).toMatchObject({ stdout: '' })
  expect((await say('how does vat work?')).stdout).toMatch(/^src\//)
})

test('the definition that answers is shown whole, and tests and recipes are not, unless they are asked for', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  await runRepose(['sleep'], { cwd: shop.root }) // recipes are mined
  const say = async (question: string) => (await runRepose(['ask', '--no-model', question], { cwd: shop.root })).stdout
  const how = await say('How is the value added tax of the copies of a book worked out?')
  const body = readFileSync(join(shop.root, 'src/vat.ts'), 'utf8').split('\n').slice(18, 21).join('\n')
  expect(how.slice(0, how.indexOf('\n\n'))).toContain(`src/vat.ts:19-21  vatOnCopies`)
  expect(how).toContain(body)
  expect(how).not.toContain('usually done here')
  expect(how).not.toMatch(/^test\//m)
  expect(await say('How is the vat of copies tested?')).toMatch(/^test\//m)
  expect(await say('How is a new formatter registered?')).toMatch(
    /\n\nHow this is usually done here: (Past commits|Features)[^\n]+\n$/,
  )
  const pack = await runRepose(['context', 'How is an order formatted?', '--json'], { cwd: shop.root })
  expect(JSON.parse(pack.stdout).recipe).toBeNull()
})

test('what calls a function is shown by its lines and by who does', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  await shop.write('test/more-vat.test.ts', 'export const vat = vatOnCopies(book, 2)\n')
  const { stdout } = await runRepose(['ask', '--no-model', 'What calls vatOnCopies?'], { cwd: shop.root })
  expect(stdout).toMatch(/^src\/cart\.ts:33 {2}Cart\.vat: .*vatOnCopies\(line\.book, line\.copies\)/)
  expect(stdout).toMatch(/\n\nsrc\/cart\.ts:\d+-\d+ {2}Cart\.vat/)
  expect(stdout).toMatch(/^test\/more-vat\.test\.ts:1 .*vatOnCopies\(book, 2\)$/m)
  expect(stdout).not.toContain('import')
})

test('a name that is used everywhere has an answer too, with the uses of its owner first', async () => {
  const query = (i: number) =>
    `import { limit } from './query.ts'\nexport const firstPageOfAllTheEntriesThatAreListedByNumber${i} = (query) => query.where('number', ${i}).limit(${i})\n`
  const root = scratchRepo({
    'query.ts': 'export class Query {\n  limit(most) {\n    return most\n  }\n}\n',
    'str.ts': 'export class Str {\n  static limit(text) {\n    return text.slice(0, 9)\n  }\n}\n',
    ...Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`pages/page-${i + 10}.ts`, query(i)])),
    'title.ts': "import { Str } from './str.ts'\nexport function title(text) {\n  return Str.limit(text)\n}\n",
  })
  const ask = async (question: string) => (await runRepose(['ask', question], { cwd: root })).stdout
  expect(await ask('What calls Str.limit?')).toMatch(/^title\.ts:3 {2}title: return Str\.limit\(text\)\n/)
  expect(await ask('What calls limit?')).toMatch(/^pages\/page-10\.ts:2 .*\n[\s\S]*\n… and \d+ more\n\n\S/)
})

test('a path that does not exist is reported, and read as a question', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const { stdout, stderr } = await runRepose(['ask', 'src/carts.ts'], { cwd: shop.root })
  expect(stderr).toContain('note: there is no file or folder src/carts.ts; read as a question\n')
  expect(stdout).toContain('src/cart.ts')
})

test('nothing found is no failure: exit code 0, an empty result, a sentence on standard error', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const words = 'zzqqy xylograph'
  const run = (...args: string[]) => runRepose(args, { cwd: shop.root })
  const asked = { code: 0, stderr: 'nothing in this repository speaks of the question\n' }
  expect(await run('ask', words)).toMatchObject({ ...asked, stdout: '' })
  const { stdout, ...json } = await run('ask', words, '--json')
  expect(json).toMatchObject(asked)
  expect(JSON.parse(stdout)).toMatchObject({ evidence: [], text: '' })
  const wanted = { code: 0, stderr: 'nothing in this repository speaks of the request\n' }
  expect(await run('context', words)).toMatchObject(wanted) // what it lists changed lately
  expect(await run('context', words, '--json')).toMatchObject(wanted)
  const empty = scratchRepo({ 'logo.bin': '\0' })
  expect(await runRepose(['context', words], { cwd: empty })).toMatchObject({ ...wanted, stdout: '' })
  for (const list of [['ledger'], ['receipts'], ['receipts', '--backtests']])
    expect(await run(...list)).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^no .*\n$/) })
})

test.each([[[]], [['--json']]])('a model that fails is said, and the exit code tells it: %j', async (more) => {
  const { run } = await ask([refusal(401, { message: 'no such key', code: 'invalid_api_key' })], ...more)
  expect(run.code).toBe(1)
  expect(run.stdout).toContain('src/formatters/index.ts')
  expect(run.stderr).toMatch(/^error: the model gave no answer \(.*\(401\)\); .*\nfix: {3}set OPENAI_API_KEY\n$/)
})

test('the model reads what the summaries say of the repository and of the folders of the evidence', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  await runRepose(['sleep'], { cwd: shop.root })
  const server = await startModelServer([reply('In src/formatters/index.ts:1.')])
  onTestFinished(() => server.close())
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'configured' }
  await runRepose(['ask', 'How is a formatter registered?'], { cwd: shop.root, env })
  const prompt = JSON.stringify(server.requests[0]!.body)
  expect(prompt).toMatch(/The repository: \w/)
  expect(prompt).toMatch(/src\/formatters\/: \w/)
})

test('a call that the budget has no room for is not made: the index answers, exit code 3', async () => {
  const { run, asked } = await ask([], '--budget-tokens', '100')
  expect(run.code).toBe(3)
  expect(run.stdout).toContain('src/formatters/index.ts')
  expect(run.stderr).toMatch(
    /^error: the model gave no answer \(the budget of 100 tokens has no room.*\nfix: {3}raise --budget-tokens/,
  )
  expect(asked).toEqual([])
})

test('what the model was not shown is said', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_')
  await shop.write('src/courier.ts', `export const courierToken = '${token}'\n`)
  const server = await startModelServer([reply('In src/courier.ts:1.')])
  onTestFinished(() => server.close())
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'm' }
  const run = await runRepose(['ask', 'Where is the courierToken?'], { cwd: shop.root, env })
  expect(run).toMatchObject({ code: 0, stdout: 'In src/courier.ts:1.\n' })
  expect(run.stderr).toContain('note: src/courier.ts: a GitHub token was left out of what the model saw\n')
  expect(JSON.stringify(server.requests[0]!.body)).not.toContain(token)
})

test('no note says what the model saw if no model was asked', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_')
  await shop.write('src/courier.ts', `export const courierToken = '${token}'\n`)
  const env = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', REPOSE_MODEL: 'm' }
  const run = await runRepose(['ask', 'Where is the courierToken?', '--budget-tokens', '100'], { cwd: shop.root, env })
  expect(run).toMatchObject({ code: 3, stdout: expect.stringContaining('src/courier.ts:1') })
  expect(run.stderr).not.toContain('left out')
})

test('./ and ../ start from the current folder', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const say = async (subject: string) =>
    JSON.parse((await runRepose(['ask', subject, '--json'], { cwd: join(shop.root, 'src/formatters') })).stdout)
  expect(await say('./index.ts')).toMatchObject({
    kind: 'file',
    text: expect.stringMatching(/^src\/formatters\/index/),
  })
  expect(await say('../vat.ts#vatOnCopies')).toMatchObject({ kind: 'definition', evidence: [{ path: 'src/vat.ts' }] })
  expect(await say('../')).toMatchObject({ kind: 'folder' })
  expect(await say('../../')).toMatchObject({ kind: 'repository' })
  expect(await say('./src/vat.ts')).toMatchObject({ kind: 'file' })
  expect(await say('../../../')).toMatchObject({ kind: 'question' })
})

test('places that the model names although they do not exist are reported', async () => {
  const text =
    'In src/formatters/index.ts:1, `index.ts:2`, (src/vat.ts:9000), nowhere.ts:12 and http://example.org:80/a.ts:9.'
  const { run } = await ask([reply(text)])
  expect(run).toMatchObject({ code: 0, stdout: `${text}\n` })
  expect(run.stderr).toContain('note: the model names what is not there: src/vat.ts:9000, nowhere.ts:12\n')
})

test('on a narrow terminal the lines of code stay as they are in the file', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const args = ['ask', '--no-model', 'How is the value added tax of the copies of a book worked out?']
  const { shown } = await asOnTerminal(args, { cwd: shop.root, columns: 40 })
  const code = readFileSync(join(shop.root, 'src/vat.ts'), 'utf8').split('\n').slice(18, 21).join('\n')
  expect(withoutColours(shown)).toContain(code)
})

test('the ledger counts calls that timed out and were repeated, as the remark after the answer does', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const server = await startModelServer([{ kind: 'hang' }, reply('Yes.')])
  onTestFinished(() => server.close())
  const env = { ...userConfig(shop.root, { timeoutMs: 500 }), OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'm' }
  const run = await runRepose(['ask', 'How is a formatter registered?'], { cwd: shop.root, env })
  expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining(' in 2 calls (') })
  const { stdout } = await runRepose(['ledger'], { cwd: shop.root })
  expect(stdout).toMatch(/^awake +ask +m +2 \(1 failed\) /m)
})
