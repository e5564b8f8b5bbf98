import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { scratchFolder, write } from './repo/scratch-repo.ts'

test('a section of the repository takes from the user what it states, and no more; of prices nothing', async () => {
  const root = scratchFolder()
  const price = (inputPerMillion: number) => ({ inputPerMillion, outputPerMillion: 1 })
  write(
    root,
    'home/repose/config.json',
    JSON.stringify({ maxCommits: 5, sleep: { budgetTokens: 100, maxUsd: 0.5 }, prices: { a: price(1) } }),
  )
  write(
    root,
    'repose.config.json',
    JSON.stringify({ maxCommits: 7, sleep: { concurrency: 2, maxUsd: 0.1 }, prices: { a: price(0), b: price(2) } }),
  )
  expect(await readConfig(root, {}, { XDG_CONFIG_HOME: join(root, 'home') })).toMatchObject({
    maxCommits: 7,
    packTokens: 4000,
    sleep: { budgetTokens: 100, maxUsd: 0.1, concurrency: 2, learnSeconds: 60 },
    prices: { a: price(1), b: price(2) },
  })
})
