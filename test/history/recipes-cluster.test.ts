import { expect, test } from 'vitest'
import { cluster } from '../../src/history/recipes-cluster.ts'

const item = (...keys: string[]) => new Map(keys.map((key) => [key, 1]))
const sorted = (groups: number[][]) =>
  groups.map((group) => [...group].sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!)

test('what is alike is grouped, what is not stays alone; every item is in one group', () => {
  const items = [item('a', 'b'), item('x', 'y'), item('a', 'b', 'c'), item('z'), item('x', 'y'), item()]
  expect(sorted(cluster(items, 0.5))).toEqual([[0, 2], [1, 4], [3], [5]])
})

test('groups are as naive average linkage makes them', () => {
  let seed = 7
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * n)
  }
  for (let round = 0; round < 20; round++) {
    const items = Array.from(
      { length: 25 },
      () => new Map([0, 1, 2, 3].map(() => [`k${random(12)}`, 1 + random(1000) / 997])),
    )
    for (const least of [0.2, 0.4, 0.7]) expect(sorted(cluster(items, least))).toEqual(sorted(naive(items, least)))
  }
})

test('two thousand items of which each is nearest to the next take well under five seconds', () => {
  const n = 2000
  const items = Array.from(
    { length: n },
    (_, i) =>
      new Map([
        [`k${i}`, 1],
        [`k${i + 1}`, 1],
        [`own${i}`, (9 * (n - i)) / n],
      ]),
  )
  const started = performance.now()
  expect(cluster(items, 0)).toHaveLength(1)
  expect(performance.now() - started).toBeLessThan(5000)
})

test('weights of nothing and no items are no trouble', () => {
  expect(cluster([], 0.2)).toEqual([])
  expect(sorted(cluster([new Map([['a', 0]]), new Map([['a', 0]])], 0.2))).toEqual([[0], [1]])
})

function naive(items: readonly ReadonlyMap<string, number>[], least: number): number[][] {
  const groups = items.map((_, i) => [i])
  const alike = (a: number[], b: number[]) =>
    a.flatMap((i) => b.map((j) => cosine(items[i]!, items[j]!))).reduce((sum, one) => sum + one, 0) /
    (a.length * b.length)
  for (;;) {
    let best: { a: number; b: number; score: number } | null = null
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const score = alike(groups[a]!, groups[b]!)
        if (score >= least && score > (best?.score ?? 0)) best = { a, b, score }
      }
    if (!best) return groups
    groups[best.a]!.push(...groups[best.b]!)
    groups.splice(best.b, 1)
  }
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const length = (one: ReadonlyMap<string, number>) => Math.sqrt([...one.values()].reduce((sum, x) => sum + x * x, 0))
  return [...a].reduce((sum, [key, x]) => sum + x * (b.get(key) ?? 0), 0) / (length(a) * length(b))
}
