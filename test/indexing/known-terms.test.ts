import { expect, test } from 'vitest'
import type { Change } from '../../src/history/read-mainline.ts'
import { knownBefore } from '../../src/indexing/known-terms.ts'

const change = (kind: Change['kind'], path: string, renamedTo: string | null = null): Change => ({
  ...{ kind, path, renamedTo, similarity: 100 },
})

test('a term is known from the commit after the one that made the first path with it, or from ever', () => {
  const commits = [
    { changes: [change('modified', 'src/redis.ts'), change('created', 'src/mongo.ts')] },
    { changes: [change('created', 'src/redis.ts'), change('created', 'test/redis.test.ts')] },
    {
      changes: [change('modified', 'lib/fs.ts'), change('modified', 'docs/cli.md'), change('deleted', 'src/azure.ts')],
    },
    { changes: [change('renamed', 'src/disk.ts', 'lib/fs.ts')] },
    { changes: [] },
  ]
  const known = knownBefore(commits, ['src/redis.ts', 'src/memory.ts', 'lib/fs.ts'])
  const ages = (...terms: string[]) => commits.map((_, at) => known(at)(terms))
  expect(ages('redis')).toEqual([true, false, false, false, false])
  expect(ages('mongo')).toEqual([false, false, false, false, false])
  expect(ages('cli')).toEqual([true, true, true, true, true]) // not made by any of them
  expect(ages('azur')).toEqual([true, true, true, true, true])
  expect(ages('memory')).toEqual([true, true, true, true, true]) // nobody touched it
  expect(ages('fs')).toEqual([true, true, true, false, false]) // renamed to
  expect(ages('disk')).toEqual([true, true, true, true, true])
  expect(ages('test', 'redis')).toEqual([true, false, false, false, false])
  expect(ages('src', 'test')).toEqual([false, false, false, false, false]) // no path says both
  expect(ages('venn')).toEqual([false, false, false, false, false])
})
