import { expect, test } from 'vitest'
import { mineRecipes } from '../../src/history/recipes.ts'
import type { PastAddition } from '../../src/history/recipes-read.ts'

const numbered = <T>(count: number, of: (i: number) => T) => Array.from({ length: count }, (_, i) => of(i))
const others = (count: number, name: string) =>
  numbered(count, (i) => addition(`Enable ${name}${i} there${name}${i}`, [`x/${name}${i}/a.ts`, `y/${name}${i}/b.ts`]))

function addition(title: string, modified: readonly string[]): Omit<PastAddition, 'commit' | 'time'> {
  return { title, kind: null, modified, created: [] }
}

/** Places that the recipes mined from these additions name. newestFirst: as they follow each other. */
function placesOf(...newestFirst: readonly (readonly Omit<PastAddition, 'commit' | 'time'>[])[]): string[] {
  const additions = newestFirst.flat().map((one, i) => ({ ...one, commit: `c${1000 + i}`, time: 9000 - i }))
  const { recipes } = mineRecipes(additions, new Set(additions.flatMap(({ modified }) => modified)))
  return [...new Set(recipes.flatMap(({ steps }) => steps.map(({ place }) => place)))].sort()
}

test('recipes are judged by the newest forty additions, not by the newest few', () => {
  const flags = (count: number, name: string, files: (i: number) => readonly string[]) =>
    numbered(count, (i) => addition(`feat(cli): add --${name}${i} flag to the run command`, files(i)))
  const right = (count: number, name: string) => flags(count, name, () => ['src/options.ts', 'src/run.ts'])
  const wrong = (count: number) => flags(count, 'wrong', (i) => [`src/new/${i}.ts`, `src/newer/${i}.ts`])
  const told = ['src/options.ts', 'src/run.ts']
  const older = [right(14, 'old'), others(34, 'b')].flat()
  expect(placesOf(right(6, 'new'), wrong(4), others(30, 'a'), older)).toEqual(told)
  expect(placesOf(right(4, 'new'), others(28, 'a'), wrong(6), others(2, 'c'), older)).toEqual([])
  expect(placesOf(right(4, 'new'), others(36, 'a'), wrong(6), older)).toEqual(told) // the forty are over
  expect(placesOf(others(39, 'a'), wrong(1), older)).toEqual(told) // of two steps nothing can be judged,
  expect(placesOf(others(38, 'a'), wrong(2), older)).toEqual([]) // of four it can
})

test('when a recipe falls out, the titles that meant it may mean another, which must be borne out by them too', () => {
  const files = (folder: string) => ['a', 'b', 'c'].map((name) => `${folder}/${name}.ts`)
  const limits = numbered(6, (i) => addition(`Limit bursts of the gateway tunnel by key${i}`, files('limits')))
  const routes = numbered(6, (i) => addition(`Route the gateway tunnel to host${i}`, files('routes')))
  const mixed = numbered(10, (i) =>
    addition(
      `Show bursts of the gateway tunnel as kind${i}`,
      numbered(6, (file) => `of${i}${file}/x${i}${file}.ts`),
    ),
  )
  const rest = others(280, 'a')
  expect(placesOf(rest, limits, routes)).toEqual([...files('limits'), ...files('routes')])
  expect(placesOf(rest, limits, routes, mixed)).toEqual([]) // they mean limits, and then routes
})

test('two commits are no recipe, nor is one place, however rare the words that they share', () => {
  const limits = (count: number, files: (i: number) => readonly string[]) =>
    numbered(count, (i) => addition('Limit bursts of the gateway tunnel', files(i)))
  const [both, one] = [() => ['a/a.ts', 'b/b.ts'], (i: number) => ['a/a.ts', `of${i}/x${i}.go`]]
  const rest = others(100, 'a')
  expect(placesOf(rest, limits(3, both))).toEqual(['a/a.ts', 'b/b.ts'])
  expect(placesOf(rest, limits(2, both))).toEqual([])
  expect(placesOf(rest, limits(6, one))).toEqual([])
})

test('commits are of a kind when their mean cosine is a fifth or more, however much else they changed', () => {
  const busy = (count: number) =>
    numbered(3, (i) =>
      addition('Limit bursts of the tunnel', [
        ...['a/a.ts', 'b/b.ts'],
        ...numbered(count, (file) => `of${i}${file}/x${i}${file}.ts`),
      ]),
    )
  // squared: two files, two patterns that count half, and three terms, all of the rarity of what three hold; then files of its own with a pattern each
  const [three, one] = [Math.log(103 / 3), Math.log(103)].map((rarity) => rarity ** 1.4) as [number, number]
  const cosine = (count: number) => (5.5 * three) / (5.5 * three + 1.25 * count * one)
  expect(cosine(9)).toBeCloseTo(0.25, 2)
  expect(cosine(14)).toBeCloseTo(0.177, 3)
  expect(placesOf(others(100, 'a'), busy(9))).toEqual(['a/a.ts', 'b/b.ts'])
  expect(placesOf(others(100, 'a'), busy(14))).toEqual([])
})
