import { expect, test } from 'vitest'
import { knownBefore } from '../../src/history/known-terms.ts'
import type { Change } from '../../src/history/read-mainline.ts'

const change = (kind: Change['kind'], path: string): Change => ({ kind, path, similarity: 100 })

test('a term is known from the commit after the one that made the first path with it, or from ever', () => {
  const commits = [
    { changes: [change('modified', 'src/redis.ts'), change('created', 'src/mongo.ts')] },
    { changes: [change('created', 'src/redis.ts'), change('created', 'test/redis.test.ts')] },
    { changes: [change('modified', 'docs/cli.md'), change('deleted', 'src/azure.ts')] },
    { changes: [] },
  ]
  const known = knownBefore(commits)
  const ages = (term: string) => commits.map((_, at) => known(at)(term))
  expect(ages('redis')).toEqual([true, false, false, false])
  expect(ages('mongo')).toEqual([false, false, false, false])
  expect(ages('cli')).toEqual([true, true, true, true]) // not made by any of them
  expect(ages('azur')).toEqual([true, true, true, true])
  expect(ages('venn')).toEqual([false, false, false, false])
})
