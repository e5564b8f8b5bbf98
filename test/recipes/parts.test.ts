import { expect, test } from 'vitest'
import type { PastAddition } from '../../src/recipes/addition.ts'
import { type Past, pastOf } from '../../src/recipes/past-additions.ts'
import { stepsOf } from '../../src/recipes/steps.ts'

const YEAR = 365 * 86_400
const addition = (title: string, modified: readonly string[], created: readonly string[] = [], ageYears = 0) =>
  ({ commit: title, time: (50 - ageYears) * YEAR, title, kind: null, modified, created }) satisfies PastAddition
const placesOf = (members: readonly Past[]) => {
  const paths = new Set(members.flatMap(({ files }) => files.map(({ path }) => path)))
  return stepsOf(members, paths).map(({ place, isNew, model, held, share }) => ({
    ...{ place, isNew, model, held },
    share: Math.round(100 * share) / 100,
  }))
}

test('an addition of three years ago counts half', () => {
  const past = pastOf([0, 3, 6].map((years) => addition(`${years}`, ['src/a.ts'], [], years)))
  expect(past.map(({ weight }) => weight)).toEqual([1, 1 / 2, 1 / 4])
})

test('a pattern is told of what is changed and of what is made, one more commit counted that held nothing', () => {
  const step = { place: 'src/of/*.ts', held: 4, share: 0.8 }
  const changing = pastOf(['a', 'b', 'c', 'd'].map((name) => addition(name, [`src/of/${name}.ts`])))
  expect(placesOf(changing)).toEqual([{ ...step, isNew: false, model: 'src/of/a.ts' }])
  const making = pastOf(['a', 'b', 'c', 'd'].map((name) => addition(name, [], [`src/of/${name}.ts`])))
  expect(placesOf(making)).toEqual([{ ...step, isNew: true, model: 'src/of/a.ts' }])
})

test('the model of a pattern is the newest file that was made so, and not a newer one that was only changed', () => {
  const members = pastOf([
    addition('a', ['src/of/a.ts']),
    addition('b', [], ['src/of/b.ts']),
    addition('c', [], ['src/of/c.ts']),
    addition('d', [], ['src/of/d.ts']),
  ])
  expect(placesOf(members)).toMatchObject([{ place: 'src/of/*.ts', isNew: true, model: 'src/of/b.ts' }])
})

test('of places that all commits hold ten are told, and two commits may show them', () => {
  const files = 'abcdefghijkl'.split('').map((name) => `src/${name}/index.ts`)
  const members = pastOf(['one', 'two'].map((title) => addition(title, files)))
  expect(placesOf(members).map(({ place }) => place)).toEqual(files.slice(0, 10))
})

test('a wider pattern is told where it holds .15 more for its second star, and only of what is made', () => {
  const of = (here: number, others: number, isMade: boolean) =>
    pastOf(
      Array.from({ length: here + others }, (_, i) => {
        const paths = [`cmd/${i < here ? 'here' : `x${i}`}/y${i}.go`]
        return isMade ? addition(`${i}`, [], paths) : addition(`${i}`, paths)
      }),
    )
  const told = (here: number, others: number, isMade = true) =>
    placesOf(of(here, others, isMade)).map(({ place }) => place)
  expect(told(8, 1)).toEqual(['cmd/here/*.go']) // .8 and .9 of ten
  expect(told(12, 7)).toEqual(['cmd/*/*.go']) // .6 and .95 of twenty
  expect(told(12, 7, false)).toEqual(['cmd/here/*.go'])
  expect(told(0, 9, false)).toEqual([])
})
