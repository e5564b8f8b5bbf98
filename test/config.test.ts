import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { scratchFolder, write } from './repo/scratch-repo.ts'

test('a section of the repository takes from the user what it states, and no more', async () => {
  const root = scratchFolder()
  write(root, 'home/repose/config.json', JSON.stringify({ maxCommits: 5, sleep: { budgetTokens: 100, maxUsd: 0.5 } }))
  write(root, 'repose.config.json', JSON.stringify({ maxCommits: 7, sleep: { concurrency: 2, maxUsd: 0.1 } }))
  expect(await readConfig(root, {}, { XDG_CONFIG_HOME: join(root, 'home') })).toMatchObject({
    maxCommits: 7,
    packTokens: 4000,
    sleep: { budgetTokens: 100, maxUsd: 0.1, concurrency: 2, learnSeconds: 60 },
  })
})

test.each([
  ['baseUrl', 'http://127.0.0.1'],
  ['prices', { a: { inputPerMillion: 0, outputPerMillion: 0 } }],
  ['caps', {}],
])('a repository does not say %s', async (key, value) => {
  const root = scratchFolder()
  write(root, 'repose.config.json', JSON.stringify({ [key]: value }))
  await expect(readConfig(root, {}, { XDG_CONFIG_HOME: root })).rejects.toThrow(key)
})

const readWith = async (user: unknown, own: unknown) => {
  const root = scratchFolder()
  if (user !== undefined) write(root, 'home/repose/config.json', JSON.stringify({ checks: user }))
  if (own !== undefined) write(root, 'repose.config.json', JSON.stringify({ checks: own }))
  const { checks, cage } = await readConfig(root, {}, { XDG_CONFIG_HOME: join(root, 'home') })
  return { checks, cage }
}
const CAGE = { network: false, uncaged: false, readable: [], env: [] }

test.each([
  ['none anywhere', undefined, undefined, { checks: [], cage: CAGE }],
  ['a list', undefined, ['npm test'], { checks: ['npm test'], cage: CAGE }],
  ['an object', undefined, { commands: ['npm test'] }, { checks: ['npm test'], cage: CAGE }],
  [
    "the repository's commands in the user's cage",
    { commands: ['make'], network: true, readable: ['~/data'], env: ['DATABASE_URL'], memoryMb: 900 },
    ['npm test'],
    {
      checks: ['npm test'],
      cage: { ...CAGE, network: true, readable: ['~/data'], env: ['DATABASE_URL'], memoryMb: 900 },
    },
  ],
  ["the user's commands where the repository says none", ['make'], undefined, { checks: ['make'], cage: CAGE }],
  ['an empty list of the repository', ['make'], [], { checks: [], cage: CAGE }],
  ['only a cage', { uncaged: true }, undefined, { checks: [], cage: { ...CAGE, uncaged: true } }],
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
