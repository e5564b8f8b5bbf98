import { afterAll, beforeAll, expect, test } from 'vitest'
import { TOOLS } from '../../agents/mcp/tools.ts'
import { openStore } from '../../src/store/open-store.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { ask, connect } from './connect.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterAll(() => shop.dispose())

test('the definitions of all tools take less than 2,000 tokens, and say that the tools only read', async () => {
  const { client } = await connect(shop.root)
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name))
  expect(countTokens(JSON.stringify(tools))).toBeLessThan(2000)
  for (const { annotations, outputSchema } of tools) {
    expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
    expect(outputSchema).toMatchObject({ type: 'object' })
  }
})

const CALLS: readonly (readonly [name: string, args: object, text: RegExp])[] = [
  ['prepare_change', { request: 'Add a CSV output format' }, /^\d+ modify src\/formatters\/index\.ts /m],
  [
    'show',
    { looks: ['src/vat.ts', 'search formatters in src'] },
    /^=== src\/vat\.ts\n[\s\S]*=== search formatters in src/m,
  ],
  [
    'what_changes_with',
    { paths: ['src/formatters/text.ts'] },
    / usually changes too: in |^Nothing else usually changes/,
  ],
  ['explain', { about: 'src/formatters/index.ts' }, /^src\/formatters\/index\.ts, \d+ lines\n[\s\S]*Defines:/],
  ['explain', { about: 'Where is VAT computed?' }, /^src\/vat\.ts:\d+-\d+/m],
  ['find', { text: 'FORMATTERS' }, /^src\/formatters\/index\.ts:\d+/m],
]

test.each(['legacy', 'auto'] as const)('a client of the %s versions is answered by every tool', async (mode) => {
  const { client, bugs } = await connect(shop.root, { mode })
  expect(client.getProtocolEra()).toBe(mode === 'auto' ? 'modern' : 'legacy')
  const head = (await shop.git('rev-parse', 'HEAD')).trim()
  for (const [name, args, text] of CALLS) {
    const answer = await client.callTool({ name, arguments: { ...args } })
    expect(answer.isError ?? false, JSON.stringify(answer.content)).toBe(false)
    expect((answer.content[0] as { text: string }).text).toMatch(text)
    expect(answer.structuredContent).toBeTypeOf('object')
    expect(answer._meta!['repose/index']).toMatchObject({ head, isStale: false })
  }
  expect(bugs).toEqual([])
})

test('an answer knows what was written a moment ago', async () => {
  const { client } = await connect(shop.root)
  expect(await ask(client, 'find', { text: 'writtenJustNow' })).toContain('no match')
  await shop.write('src/new.ts', 'export function writtenJustNow(): void {}\n')
  expect(await ask(client, 'find', { text: 'writtenJustNow' })).toMatch(/^src\/new\.ts:1-1 {2}function/)
  await shop.remove('src/new.ts')
})

test('the numbers of the list stand for its files, and keep their meaning', async () => {
  const { client } = await connect(shop.root)
  const first = await ask(client, 'prepare_change', { request: 'Add a CSV output format' })
  const [, path] = /^1 \w+ (\S+)/m.exec(first)!
  await ask(client, 'prepare_change', { request: 'Round the VAT down' })
  expect(await ask(client, 'show', { looks: ['1'] })).toMatch(`=== ${path}`)
})

test('a long file is folded to what speaks of the request that was prepared, unless its lines are named', async () => {
  const { client } = await connect(shop.root)
  const lines = Array.from({ length: 300 }, (_, i) => `export const room${i} = ${i === 150 ? "'a discount'" : i}`)
  await shop.write('src/rooms.ts', `${lines.join('\n')}\n`)
  await ask(client, 'prepare_change', { request: 'Add a discount' })
  expect(await ask(client, 'show', { looks: ['src/rooms.ts:1-300'] })).toContain('room200')
  const folded = await ask(client, 'show', { looks: ['src/rooms.ts'] })
  expect(folded).toContain("room150 = 'a discount'")
  expect(folded).not.toContain('room200')
  await shop.remove('src/rooms.ts')
})

test('an answer keeps to its budget, and says what it left out', async () => {
  const { client } = await connect(shop.root)
  const looks = ['src/vat.ts', 'src/formatters/index.ts', 'README.md', 'package.json']
  const shown = await client.callTool({ name: 'show', arguments: { looks, budget_tokens: 300 } })
  const { text, left_out } = shown.structuredContent as { text: string; left_out: string[] }
  expect(countTokens(text)).toBeLessThan(400)
  expect(left_out).toContain('package.json')
  expect(text).toContain('ask again:')
  const pack = await ask(client, 'prepare_change', { request: 'Add a CSV output format', budget_tokens: 400 })
  expect(countTokens(pack)).toBeLessThanOrEqual(400)
  expect(pack).toContain('Left out for the budget:')
})

test('no tool shows a secret, or a file outside', async () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`
  await shop.write('src/token.ts', `export const token = '${secret}'\n`)
  const { client } = await connect(shop.root)
  const looks = ['src/token.ts', '../../../etc/passwd', '/etc/passwd', '.git/config', 'search ghp_', '']
  const answers = [
    await ask(client, 'show', { looks }),
    await ask(client, 'find', { text: 'token' }),
    await ask(client, 'explain', { about: 'src/token.ts#token' }),
    await ask(client, 'prepare_change', { request: 'Rename the token in src/token.ts' }),
  ].join('\n')
  expect(answers).toContain('src/token.ts')
  expect(answers).not.toContain(secret)
  expect(answers).not.toContain('root:')
  expect(answers).toContain('not understood: an empty look')
  await shop.remove('src/token.ts')
})

test('what the backlog has ready for a request comes with its pack', async () => {
  const { client } = await connect(shop.root)
  await ask(client, 'find', { text: 'vat' })
  const store = openStore(`${shop.root}/.git/repose/repose.db`)
  const draft = {
    madeAt: 1,
    base: (await shop.git('rev-parse', 'HEAD')).trim(),
    files: [],
    checks: [],
    cage: null,
    notes: [],
  }
  const { id } = store.backlog.add(
    { source: 'hand', key: 'x', url: null, author: null, request: 'Round the VAT down', isApproved: true },
    1,
  )
  store.backlog.saveDraft({ ...draft, item: id, commit: null, plan: ['src/vat.ts#vat'], seen: [] }, 'planned', 1)
  expect(await ask(client, 'prepare_change', { request: 'round the VAT down' })).toMatch(
    /^## An earlier run for this request \(1\) asked to see these places.*\nsrc\/vat\.ts#vat\n/,
  )
  await shop.write('src/vat.ts', '// rounded down\n')
  await shop.git('commit', '-qam', 'draft')
  const commit = (await shop.git('rev-parse', 'HEAD')).trim()
  await shop.git('reset', '-q', '--hard', 'HEAD~1')
  store.backlog.saveDraft({ ...draft, item: id, commit, files: ['src/vat.ts'], plan: [], seen: [] }, 'drafted', 2)
  store.close()
  const answer = await client.callTool({ name: 'prepare_change', arguments: { request: `#${id}` } })
  expect(answer.structuredContent).toMatchObject({ prepared: { id, kind: 'draft', command: 'repose backlog apply 1' } })
  expect((answer.content[0] as { text: string }).text).toContain('+// rounded down')
})

test('summaries of the repository and its folders are resources; a prompt leads through a change', async () => {
  const { client } = await connect(shop.root)
  const { resources } = await client.listResources()
  const { uri } = resources[0]!
  expect(uri).toMatch(/^repose:\/\/summary\/repose-bookshop-ts-/)
  const { contents } = await client.readResource({ uri: `${uri}/src/formatters` })
  expect(contents[0]).toMatchObject({ mimeType: 'text/markdown', text: expect.stringContaining('index.ts') })
  await expect(client.readResource({ uri: `${uri}/nowhere` })).rejects.toThrow('there is no nowhere')
  const { messages } = await client.getPrompt({ name: 'implement-feature', arguments: { request: 'Add $& to it' } })
  expect(JSON.stringify(messages)).toMatch(/Add \$& to it.*prepare_change.*show.*edits/)
})
