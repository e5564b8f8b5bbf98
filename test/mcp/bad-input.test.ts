import { existsSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { damageOf, openDb } from '../../src/store/db.ts'
import { TRACE, type Traced } from '../../src/trace.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { scratchFolder, scratchRepo, sh } from '../repo/scratch-repo.ts'
import { ask, connect } from './connect.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterAll(() => shop.dispose())

const WRONG: readonly (readonly [name: string, args: object, text: string])[] = [
  ['prepare_change', {}, 'request'],
  ['prepare_change', { request: 7 }, 'expected string'],
  ['prepare_change', { request: ' \n' }, 'the request is empty'],
  ['prepare_change', { request: 'x', budget_tokens: -1 }, 'budget_tokens'],
  ['prepare_change', { request: 'x'.repeat(10_000_000) }, 'the request is longer than 1 MB'],
  ['show', { looks: 'src' }, 'expected array'],
  ['show', { looks: [] }, 'looks'],
  ['show', { looks: ['x'.repeat(100_000), 'search (', `open ${'../'.repeat(500)}x`] }, 'not understood'],
  ['what_changes_with', { paths: [null] }, 'paths'],
  ['what_changes_with', { paths: Array(100_000).fill('../x') }, 'taken as new: ../x'],
  ['explain', { about: '\0' }, ''],
  ['explain', { about: '/etc/' }, ''],
  ['find', { text: '[' }, 'search ['],
  ['find', { text: 'x', in: '../..' }, 'there is no ../..'],
  ['find', { text: 'x', repository: 'other' }, 'no repository other is served'],
]

test('whatever arguments come, there is a clear answer, and the next call works', async () => {
  const { client, bugs } = await connect(shop.root)
  for (const [name, args, text] of WRONG)
    expect(await ask(client, name, args), JSON.stringify(args).slice(0, 80)).toContain(text)
  await expect(client.callTool({ name: 'nothing', arguments: {} })).rejects.toThrow('nothing')
  expect(await ask(client, 'find', { text: 'vat' })).toContain('src/vat.ts')
  expect(bugs).toEqual([])
})

test('a request of nearly 1 MB is prepared', async () => {
  const { client } = await connect(shop.root)
  const request = `Add a CSV output format\n\n${'Please do it for the shop. '.repeat(37_000)}`
  expect(await ask(client, 'prepare_change', { request })).toContain('src/formatters/index.ts')
})

test('200 calls at once are all answered, with few refreshes', async () => {
  const { client, bugs } = await connect(shop.root)
  const ran: string[] = []
  const onRun = (message: unknown) => void ran.push((message as Traced).what)
  TRACE.subscribe(onRun)
  onTestFinished(() => void TRACE.unsubscribe(onRun))
  const texts = await Promise.all(Array.from({ length: 200 }, () => ask(client, 'explain', { about: 'src/vat.ts' })))
  expect(new Set(texts).size).toBe(1)
  expect(texts[0]).toContain('src/vat.ts')
  expect(ran.filter((what) => what.startsWith('git ')).length).toBeLessThan(20)
  expect(bugs).toEqual([])
})

test('calls that are cancelled at any time leave server and database sound', async () => {
  const fresh = await copyFixture('ferry-py')
  const { client, bugs } = await connect(fresh.root)
  for (const ms of [0, 5, 40, 150, 400]) {
    const signal = AbortSignal.timeout(ms)
    const call = client.callTool({ name: 'prepare_change', arguments: { request: 'Add a timetable' } }, { signal })
    await call.catch((error: unknown) => expect(String(error)).toMatch(/abort|timeout|cancel/i))
  }
  expect(await ask(client, 'prepare_change', { request: 'Add a timetable' })).toMatch(
    /^\d+ (modify|create|test|doc|read) /m,
  )
  const db = openDb(join(fresh.root, '.git/repose/repose.db'))
  expect(damageOf(db)).toEqual([])
  db.close()
  expect(bugs).toEqual([])
  await fresh.dispose()
})

test('progress is told while a repository is read for the first time', async () => {
  const fresh = await copyFixture('ferry-py', { history: false })
  const { client } = await connect(fresh.root)
  const told: number[] = []
  await client.callTool(
    { name: 'find', arguments: { text: 'ferry' } },
    { onprogress: ({ progress, total }) => told.push(progress / total!) },
  )
  expect(told.at(-1)).toBe(1)
  expect(told).toEqual([...told].sort((a, b) => a - b))
  await fresh.dispose()
})

test('no repository, a bare one and one that vanishes are named', async () => {
  const nowhere = await connect(scratchFolder())
  expect(await ask(nowhere.client, 'find', { text: 'x' })).toMatch(/^error: .* is not in a git repository\nfix: {3}/)
  const bare = scratchFolder()
  sh(bare, 'init', '-q', '--bare')
  expect(await ask((await connect(bare)).client, 'find', { text: 'x' })).toContain('is a bare repository')
  const gone = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  const { client } = await connect(gone)
  expect(await ask(client, 'find', { text: 'a' })).toContain('a.ts')
  rmSync(gone, { recursive: true })
  expect(await ask(client, 'find', { text: 'a' })).toMatch(
    /^error: there is no folder |^error: the repository .* is gone/,
  )
})

test('an index of a newer version is not touched', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  const db = join(scratchFolder(), 'newer.db')
  openDb(db).close()
  const raw = new Database(db)
  raw.pragma('user_version = 9999')
  raw.close()
  expect(await ask((await connect(root, { db })).client, 'find', { text: 'a' })).toMatch(/^error: .*newer version/)
})

test('a root with a NUL, which no path can have, is left out', async () => {
  const { client, bugs } = await connect(shop.root, { roots: ['file:///%00'] })
  expect(await ask(client, 'find', { text: 'vat' })).toContain('src/vat.ts')
  expect(bugs).toEqual([])
})

test.each(['legacy', 'auto'] as const)('a client of the %s versions is served its roots', async (mode) => {
  const [one, two] = [
    scratchRepo({ 'one.ts': 'export const shared = 1\n' }, 'one'),
    scratchRepo({ 'two.ts': 'export const shared = 2\n' }, 'two'),
  ]
  const single = await connect(shop.root, { mode, roots: [one] })
  expect(await ask(single.client, 'find', { text: 'shared' })).toContain('one.ts')
  const both = await connect(shop.root, { mode, roots: [one, join(two, '.'), scratchFolder()] })
  expect(await ask(both.client, 'find', { text: 'shared' })).toBe(
    'error: 2 repositories are served: one, two\nfix:   name one in `repository`',
  )
  expect(await ask(both.client, 'find', { text: 'shared', repository: 'two' })).toContain('two.ts')
  expect(existsSync(join(two, '.git/repose/repose.db'))).toBe(true)
})

test('a folder that leads to another repository by now is served as that one', async () => {
  const [before, after] = [
    scratchRepo({ 'a.ts': 'export const alpha = 1\n' }),
    scratchRepo({ 'b.ts': 'export const beta = 1\n' }),
  ]
  const link = join(scratchFolder(), 'current')
  symlinkSync(before, link, 'junction')
  const { client } = await connect(link)
  expect(await ask(client, 'find', { text: 'alpha' })).toContain('a.ts:1')
  unlinkSync(link)
  symlinkSync(after, link, 'junction')
  expect(await ask(client, 'find', { text: 'beta' })).toContain('b.ts:1')
})

test('an error holds no secret', async () => {
  const root = scratchRepo({ 'a.ts': '' })
  const token = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`
  writeFileSync(join(root, 'repose.config.json'), JSON.stringify({ [token]: 1 }))
  const { client } = await connect(root)
  const said = await ask(client, 'find', { text: 'a' })
  expect(said).toContain('unknown key')
  expect(said).not.toContain(token)
  const uri = `repose://summary/${basename(root)}`
  const refused = await client.readResource({ uri }).catch((error: Error) => error.message)
  expect(refused).toMatch(/unknown key.*\nfix: /)
  expect(refused).not.toContain(token)
  await expect(client.readResource({ uri: `${uri}/%ff` })).rejects.toThrow('no address of a summary')
})
