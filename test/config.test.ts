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

test('include and exclude are kept apart by the configuration that names them', async () => {
  const root = scratchFolder()
  write(root, 'home/repose/config.json', JSON.stringify({ exclude: ['private/'] }))
  write(root, 'repose.config.json', JSON.stringify({ exclude: ['!private/'], include: ['vendor/ours/'] }))
  expect((await readConfig(root, {}, { XDG_CONFIG_HOME: join(root, 'home') })).paths).toEqual({
    exclude: [
      { by: 'user configuration', rules: ['private/'] },
      { by: 'repose.config.json', rules: ['!private/'] },
    ],
    include: [{ by: 'repose.config.json', rules: ['vendor/ours/'] }],
  })
  write(root, 'repose.config.json', JSON.stringify({ exclude: 'vendor' }))
  await expect(readConfig(root, {}, { XDG_CONFIG_HOME: join(root, 'home') })).rejects.toThrow('"exclude"')
})
