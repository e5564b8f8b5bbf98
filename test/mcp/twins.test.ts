import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runInProcess } from '../helpers/run-in-process.ts'
import { connect } from './connect.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  await runInProcess(['sleep'], { cwd: shop.root }) // recipes
})
afterAll(() => shop.dispose())

const REQUEST = 'Add a CSV output format'

interface Twin {
  readonly tool: string
  readonly input: object
  readonly command: readonly string[]
}

/** Each tool with the command that gives the same. */
const TWINS: readonly Twin[] = [
  { tool: 'find', input: { text: 'FORMATTERS' }, command: ['find', 'FORMATTERS'] },
  { tool: 'find', input: { text: '(?i)VAT', in: 'src' }, command: ['find', '(?i)VAT', '--in', 'src'] },
  { tool: 'explain', input: { about: 'src/formatters/index.ts' }, command: ['ask', 'src/formatters/index.ts'] },
  { tool: 'explain', input: { about: 'src/formatters/' }, command: ['ask', 'src/formatters/'] },
  { tool: 'explain', input: { about: '.' }, command: ['ask', '.'] },
  { tool: 'explain', input: { about: 'FORMATTERS' }, command: ['ask', 'FORMATTERS'] },
  { tool: 'explain', input: { about: 'Where is VAT computed?' }, command: ['ask', 'Where is VAT computed?'] },
  {
    tool: 'what_changes_with',
    input: { paths: ['src/formatters/text.ts', 'src/formatters/index.ts'] },
    command: ['check', '--files', 'src/formatters/text.ts', 'src/formatters/index.ts'],
  },
  {
    tool: 'what_changes_with',
    input: { paths: ['src/formatters/index.ts'], request: REQUEST },
    command: ['check', '--request', REQUEST, '--files', 'src/formatters/index.ts'],
  },
  // with room for all: the numbers of the tool take a few tokens
  {
    tool: 'prepare_change',
    input: { request: REQUEST, budget_tokens: 50_000 },
    command: ['context', REQUEST, '--budget-tokens', '50k'],
  },
]

/** Only a server can keep the numbers that stand for files. (They are taken off lines of outlines too, on both sides.) */
const withoutNumbers = (text: string) => text.replace(/^\d+ (?=\S)/gm, '')

test.each(TWINS)('$command says what the tool $tool says, and its JSON holds the JSON of the tool', async (twin) => {
  const { tool, input, command } = twin
  const { client } = await connect(shop.root)
  const answer = await client.callTool({ name: tool, arguments: { ...input } })
  const said = withoutNumbers((answer.content[0] as { text: string }).text)
  const printed = await runInProcess(command, { cwd: shop.root })
  expect(printed).toMatchObject({ code: 0, stderr: '' })
  expect(printed.stdout.trim()).not.toBe('')
  expect(said.trim()).toBe(withoutNumbers(printed.stdout).trim())

  const json = JSON.parse((await runInProcess([...command, '--json'], { cwd: shop.root })).stdout)
  if (typeof json.text === 'string') json.text = withoutNumbers(json.text)
  const { left_out, ...data } = structuredClone(answer.structuredContent) as Record<string, never>
  const fields = JSON.parse(
    JSON.stringify(data, (key, value) =>
      key === 'number' ? undefined : key === 'text' ? withoutNumbers(value) : value,
    ),
  )
  if (tool === 'prepare_change') {
    const roles = (files: readonly { path: string; role: string }[]) =>
      files.flatMap(({ path, role }) => (role === 'maybe' ? [] : [`${role} ${path}`])).sort()
    expect(roles(json.files)).toEqual(roles(fields.files))
    delete fields.files
    expect(json.leftOut).toEqual(expect.arrayContaining(left_out ?? []))
  }
  expect(json).toMatchObject(fields)
})

test('what is found nowhere is a remark, and the exit code is 0', async () => {
  const run = await runInProcess(['find', 'zzqqy'], { cwd: shop.root })
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no match') })
  const { stdout } = await runInProcess(['find', 'zzqqy', '--json'], { cwd: shop.root })
  expect(JSON.parse(stdout)).toMatchObject({ definitions: [], files: [] })
  expect(await runInProcess(['find', ' '], { cwd: shop.root })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: the text to find is empty\nfix: {3}/),
  })
})

test('a draft of the backlog comes with the pack, on the command line as in the tool', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  await runInProcess(['backlog', 'add', 'Round the VAT down'], { cwd: own.root })
  const { openStore } = await import('../../src/store/open-store.ts')
  const store = openStore(`${own.root}/.git/repose/repose.db`)
  const base = (await own.git('rev-parse', 'HEAD')).trim()
  const draft = { item: 1, madeAt: 1, base, commit: null, files: [], checks: [], cage: null, notes: [] }
  store.backlog.saveDraft({ ...draft, plan: ['src/vat.ts#vat'], seen: [] }, 'planned', 1)
  store.close()
  const run = await runInProcess(['context', 'round the VAT down'], { cwd: own.root })
  expect(run.stdout).toMatch(
    /^## An earlier run for this request \(1\) asked to see these places.*\nsrc\/vat\.ts#vat\n\n/,
  )
  const { stdout } = await runInProcess(['context', 'round the VAT down', '--json'], { cwd: own.root })
  expect(JSON.parse(stdout).prepared).toMatchObject({ id: 1, kind: 'plan', command: null })
  await own.dispose()
})
