import { expect, test } from 'vitest'
import { portions } from '../../src/repo/portions.ts'

test('paths go on command lines of at most 200 of them and 20,000 characters', () => {
  expect(portions([])).toEqual([])
  for (const [paths, sizes] of [
    [Array.from({ length: 450 }, (_, i) => `${i}.ts`), [200, 200, 50]],
    [Array.from({ length: 150 }, (_, i) => `${i}`.padStart(249, 'x')), [80, 70]],
    [
      ['a', 'x'.repeat(30_000), 'b'],
      [1, 1, 1],
    ],
  ] as const) {
    const lists = portions(paths)
    expect(lists.map((list) => list.length)).toEqual(sizes)
    expect(lists.flat()).toEqual(paths)
  }
})
