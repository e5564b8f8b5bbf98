import { chownSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readConfig, readLimits } from '../../src/config/read-config.ts'
import { requireOwn } from '../../src/config/require-own.ts'
import { scratchFolder, write } from '../repo/scratch-repo.ts'

type Said = Readonly<Record<string, unknown>>

/** A folder with what a user and a repository say; null: no file. */
function said(user: Said | null, repository: Said | null): { root: string; env: NodeJS.ProcessEnv } {
  const [root, home] = [scratchFolder(), scratchFolder()]
  if (user) write(home, 'repose/config.json', JSON.stringify(user))
  if (repository) write(root, 'repose.config.json', JSON.stringify(repository))
  return { root, env: { XDG_CONFIG_HOME: home } }
}

const configOf = (user: Said | null, repository: Said | null, flags = {}, more: NodeJS.ProcessEnv = {}) => {
  const { root, env } = said(user, repository)
  return readConfig(root, flags, { ...env, ...more })
}

test('of each limit the smaller one counts, also within a section that both have', async () => {
  const user = { maxCommits: 5, sleep: { budgetTokens: 100, maxUsd: 0.5 } }
  expect(await configOf(user, { maxCommits: 3, sleep: { concurrency: 2, maxUsd: 0.1 } })).toMatchObject({
    maxCommits: 3,
    packTokens: 2000,
    sleep: { budgetTokens: 100, maxUsd: 0.1, concurrency: 2 },
  })
})

const RAISED = {
  packTokens: 1e6,
  checkTimeoutMs: 1e9,
  maxFileBytes: 1e9,
  maxCommits: 1e6,
  sleep: { budgetTokens: 1e9, maxUsd: 1e6, concurrency: 64 },
}

test("a repository raises none of the user's limits", async () => {
  const user = {
    packTokens: 9000,
    checkTimeoutMs: 5,
    maxFileBytes: 6,
    maxCommits: 7,
    sleep: { budgetTokens: 8, maxUsd: 0.9, concurrency: 10 },
  }
  expect(await configOf(user, RAISED)).toMatchObject(user)
})

test('nor any default, where the user says nothing', async () => {
  const { sleep, ...limits } = await configOf(null, RAISED)
  expect({ ...limits, sleep }).toMatchObject({
    packTokens: 2000,
    checkTimeoutMs: 300_000,
    maxFileBytes: 1_000_000,
    maxCommits: 3000,
    sleep: { concurrency: 4 },
  })
})

test('the user may raise them', async () => {
  expect(await configOf({ ...RAISED }, { packTokens: 2e6 })).toMatchObject(RAISED)
})

test.each([
  ['model', 'gpt-9-max'],
  ['sleepModel', 'gpt-9-max'],
  ['baseUrl', 'http://127.0.0.1'],
  ['timeoutMs', 1],
  ['prices', { a: { inputPerMillion: 0, outputPerMillion: 0 } }],
  ['caps', {}],
])('a repository does not say %s, and the message says where it belongs', async (key, value) => {
  await expect(configOf(null, { [key]: value })).rejects.toThrow(
    new RegExp(`unknown key "${key}" \\(set it in your own configuration or the environment: `),
  )
})

test('a key of an endpoint is refused in both files, and the message says where it is read from', async () => {
  const refused = 'unknown key "apiKey" (the key of an endpoint is read from the environment only: OPENAI_API_KEY)'
  await expect(configOf({ apiKey: 'x' }, null)).rejects.toThrow(refused)
  await expect(configOf(null, { apiKey: 'x' })).rejects.toThrow(refused)
})

test('environment and flags are above both files', async () => {
  const user = { model: 'mine', sleepModel: 'mine at night' }
  expect(await configOf(user, {})).toMatchObject(user)
  expect(await configOf(user, {}, {}, { REPOSE_MODEL: 'of today' })).toMatchObject({ model: 'of today' })
  expect(await configOf(user, {}, { model: 'of now' }, { REPOSE_MODEL: 'of today' })).toMatchObject({
    model: 'of now',
    sleepModel: 'of now',
  })
})

test("a repository's checks are told apart from the user's, which are not replaced by them", async () => {
  expect(await configOf(null, null)).toMatchObject({ checks: [], repositoryChecks: null })
  expect(await configOf(null, { checks: ['a'] })).toMatchObject({ checks: [], repositoryChecks: ['a'] })
  expect(await configOf({ checks: ['b'] }, { checks: ['a'] })).toMatchObject({ checks: ['b'], repositoryChecks: null })
  expect(await configOf(null, { checks: [] })).toMatchObject({ checks: [], repositoryChecks: null })
})

test('each limit is told with where it comes from, and what was passed over', async () => {
  const { root, env } = said({ maxCommits: 5, sleep: { budgetTokens: 9 } }, { ...RAISED, sleep: { concurrency: 1 } })
  const limits = await readLimits(root, env)
  expect(limits).toHaveLength(7)
  expect(limits).toEqual(
    expect.arrayContaining([
      { key: 'packTokens', value: 2000, from: 'default', passedOver: 1e6 },
      { key: 'maxCommits', value: 5, from: 'user', passedOver: 1e6 },
      { key: 'sleep.budgetTokens', value: 9, from: 'user', passedOver: null },
      { key: 'sleep.concurrency', value: 1, from: 'repository', passedOver: null },
      { key: 'sleep.maxUsd', value: null, from: 'default', passedOver: null },
    ]),
  )
})

test('include and exclude are kept apart by the configuration that names them', async () => {
  const [root, home] = [scratchFolder(), scratchFolder()]
  write(home, 'repose/config.json', JSON.stringify({ exclude: ['private/'] }))
  write(root, 'repose.config.json', JSON.stringify({ exclude: ['!private/'], include: ['vendor/ours/'] }))
  expect((await readConfig(root, {}, { XDG_CONFIG_HOME: home })).paths).toEqual({
    exclude: [
      { by: 'user configuration', rules: ['private/'] },
      { by: 'repose.config.json', rules: ['!private/'] },
    ],
    include: [{ by: 'repose.config.json', rules: ['vendor/ours/'] }],
  })
  write(root, 'repose.config.json', JSON.stringify({ exclude: 'vendor' }))
  await expect(readConfig(root, {}, { XDG_CONFIG_HOME: home })).rejects.toThrow('"exclude"')
})

const readWith = async (user: unknown, own: unknown) => {
  const [root, home] = [scratchFolder(), scratchFolder()]
  if (user !== undefined) write(home, 'repose/config.json', JSON.stringify({ checks: user }))
  if (own !== undefined) write(root, 'repose.config.json', JSON.stringify({ checks: own }))
  const { checks, cage, repositoryChecks } = await readConfig(root, {}, { XDG_CONFIG_HOME: home })
  return { checks, cage, repositoryChecks }
}
const CAGE = { network: false, uncaged: false, readable: [], env: [] }

test.each([
  ['none anywhere', undefined, undefined, { checks: [], cage: CAGE, repositoryChecks: null }],
  ['a list', undefined, ['npm test'], { checks: [], cage: CAGE, repositoryChecks: ['npm test'] }],
  ['an object', undefined, { commands: ['npm test'] }, { checks: [], cage: CAGE, repositoryChecks: ['npm test'] }],
  [
    "the user's commands come first, in the user's cage",
    { commands: ['make'], network: true, readable: ['~/data'], env: ['DATABASE_URL'], memoryMb: 900 },
    ['npm test'],
    {
      checks: ['make'],
      cage: { ...CAGE, network: true, readable: ['~/data'], env: ['DATABASE_URL'], memoryMb: 900 },
      repositoryChecks: null,
    },
  ],
  [
    "the user's commands where the repository says none",
    ['make'],
    undefined,
    { checks: ['make'], cage: CAGE, repositoryChecks: null },
  ],
  ['an empty list of the repository', ['make'], [], { checks: ['make'], cage: CAGE, repositoryChecks: null }],
  [
    'only a cage',
    { uncaged: true },
    undefined,
    { checks: [], cage: { ...CAGE, uncaged: true }, repositoryChecks: null },
  ],
])('checks: %s', async (_, user, own, expected) => {
  expect(await readWith(user, own)).toEqual(expected)
})

test.each([
  ['network', true],
  ['uncaged', true],
  ['readable', ['/']],
  ['env', ['AWS_SECRET_ACCESS_KEY']],
  ['memoryMb', 1],
])("a repository does not say checks.%s, which is the user's alone", async (key, value) => {
  await expect(readWith(undefined, { commands: ['true'], [key]: value })).rejects.toThrow(
    `repose.config.json: "checks": unknown key "${key}"`,
  )
})

test.each([
  [{ commands: ['true', ''] }, '"checks.commands.1"'],
  [['true', 5], '"checks.1"'],
  [{ readable: ['data'] }, "\"checks.readable.0\": begins with '/' or '~/'"],
  [{ env: ['A=b'] }, '"checks.env.0"'],
  ['true', '"checks"'],
])('what is wrong in checks is told by its place: %j', async (value, place) => {
  await expect(readWith(value, undefined)).rejects.toThrow(place)
})

test("a configuration in the repository is not the user's own, wherever HOME and XDG_CONFIG_HOME lead", async () => {
  const root = scratchFolder()
  const away = scratchFolder()
  write(root, '.config/repose/config.json', '{"checks":{"uncaged":true}}')
  symlinkSync(root, join(away, 'link'))
  for (const folder of [join(root, '.config'), join(away, 'link/.config')])
    await expect(readConfig(root, {}, { XDG_CONFIG_HOME: folder })).rejects.toThrow('lies in this repository')
  write(root, '.git/home/repose/config.json', '{"checks":{"uncaged":true}}')
  for (const [top, folder] of [
    [away, '.config'],
    [root, '.git/home'],
  ] as const)
    expect(await readConfig(top, {}, { XDG_CONFIG_HOME: join(root, folder) })).toMatchObject({
      cage: { uncaged: true },
    })
})

test('of a home folder in the repository nothing is the configuration of the user; a link to it is their choice', () => {
  const root = scratchFolder()
  const home = scratchFolder()
  write(root, '.config/repose/config.json', '{}')
  symlinkSync(join(root, '.config'), join(home, '.config'))
  const file = (folder: string) => join(folder, '.config/repose/config.json')
  expect(() => requireOwn(file(root), root, root)).toThrow('lies in this repository')
  expect(() => requireOwn(file(home), root, root)).toThrow('lies in this repository')
  expect(() => requireOwn(file(home), root, home)).not.toThrow()
})

test.runIf(process.getuid?.() === 0)("a configuration of another user is not the user's own", async () => {
  const { root, env } = said({ packTokens: 9000 }, null)
  chownSync(join(env.XDG_CONFIG_HOME!, 'repose/config.json'), 1234, 1234)
  await expect(readConfig(root, {}, env)).rejects.toThrow('belongs to another user')
  vi.stubEnv('SUDO_UID', '1234')
  expect(await readConfig(root, {}, env).finally(() => vi.unstubAllEnvs())).toMatchObject({ packTokens: 9000 })
})
