import { expect, test } from 'vitest'
import { likelyCompanions, MOST_CHANGED, type Past } from '../../src/companions/likely-companions.ts'

/** commits: newest first. */
function pastOf(commits: readonly (readonly string[])[]): Past {
  const all = commits.map((paths, at) => ({ id: commits.length - at, paths }))
  return {
    commitsOf: (path, limit) => all.filter(({ paths }) => paths.includes(path)).slice(0, limit),
    newest: (limit) => all.slice(0, limit),
    pathsOf: (some) => new Map(some.map(({ id }) => [id, commits[commits.length - id]!])),
  }
}
const times = (count: number, ...paths: string[]) => Array.from({ length: count }, () => paths)
const named = (past: Past, ...changed: string[]) => likelyCompanions(past, changed, () => true)

test('the more of its commits hold a file, the more probable it is', () => {
  const of = (both: number) => named(pastOf([...times(both, 'a', 'b'), ...times(10 - both, 'a')]), 'a')[0]!.probability
  expect(of(10)).toBeGreaterThan(of(7))
  expect(of(7)).toBeGreaterThan(of(4))
  expect(of(10)).toBeLessThan(1)
})

test('newer commits count more than older ones', () => {
  const lately = named(pastOf([...times(6, 'a', 'b'), ...times(6, 'a')]), 'a')[0]!
  const before = named(pastOf([...times(6, 'a'), ...times(6, 'a', 'b')]), 'a')[0]!
  expect(lately).toMatchObject({ path: 'b', seed: 'a', times: 6, of: 12 })
  expect(lately.probability).toBeGreaterThan(before.probability)
})

test('changed files, files that are gone, and what happened once are not named', () => {
  const past = pastOf([...times(8, 'a', 'b', 'gone'), ['a', 'once']])
  expect(likelyCompanions(past, ['a'], (path) => path !== 'gone').map(({ path }) => path)).toEqual(['b'])
  expect(likelyCompanions(past, ['a', 'b'], (path) => path !== 'gone')).toEqual([])
})

test('no past, no change and a sweep give nothing', () => {
  expect(named(pastOf([]), 'a')).toEqual([])
  expect(named(pastOf(times(9, 'a', 'b')))).toEqual([])
  const sweep = Array.from({ length: MOST_CHANGED }, (_, i) => `x${i}`)
  expect(named(pastOf(times(9, 'a', 'b')), 'a', ...sweep)).toEqual([])
})
