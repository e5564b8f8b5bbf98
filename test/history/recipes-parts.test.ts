import { expect, test } from 'vitest'
import { type Past, pastOf, rarities, vectorOf } from '../../src/history/recipes-past.ts'
import type { PastAddition } from '../../src/history/recipes-read.ts'
import { stepsOf } from '../../src/history/recipes-steps.ts'
import { sharedWordGroups } from '../../src/history/recipes-words.ts'

const YEAR = 365 * 86_400
const addition = (title: string, modified: readonly string[], created: readonly string[] = [], ageYears = 0) =>
  ({ commit: title, time: (50 - ageYears) * YEAR, title, kind: null, modified, created }) satisfies PastAddition
const saying = (...titles: readonly string[]) => pastOf(titles.map((title) => addition(title, [])))

test('a word is a kind of thing when five additions say it and no more than half, and no group is much the same', () => {
  const past = saying(
    ...['red driver', 'green driver', 'blue driver', 'grey driver', 'pink driver knob'], // 0 to 4
    ...['add a flag', 'flag and flag', 'flag it knob', 'a flag knob', 'the flag knob'], // 5 to 9
    ...['new flag knob', 'red lamp', 'blue lamp', 'lamp of grey', 'lamp'], // 10 to 14: four say lamp
  )
  const words = (known: readonly (readonly number[])[], some = past) =>
    sharedWordGroups(some, known).map(({ word, group }) => [word, group])
  const [driver, flag, knob] = [
    ['driver', [0, 1, 2, 3, 4]],
    ['flag', [5, 6, 7, 8, 9, 10]],
    ['knob', [4, 7, 8, 9, 10]], // 4 of 7 are of flag too
  ]
  expect(words([])).toEqual([flag, driver])
  expect(words([[0, 1]])).toEqual([flag, driver]) // two of five are not much the same
  expect(words([[5, 6, 7, 8]])).toEqual([driver, knob])
  expect(words([], past.slice(0, 11))).toEqual([driver, knob]) // six of eleven say flag
})

test('what two additions share weighs by its rarity to the power of .7, a pattern half; one of three years ago counts half', () => {
  const past = pastOf([
    addition('Paint doors', ['src/door.ts', 'package-lock.json']),
    addition('Sit', ['lib/w.ts']),
    addition('Stand', ['lib/x.ts']),
    addition('Paint walls', [], ['src/wall.ts'], 3),
    addition('Walk', ['lib/y.ts'], [], 6),
  ])
  expect(past.map(({ weight }) => weight)).toEqual([1, 1, 1, 1 / 2, 1 / 4])
  const [of1, of2] = [Math.log(5 / 1) ** 0.7, Math.log(5 / 2) ** 0.7]
  const expected = { '=src/door.ts': of1, '+src/*.ts': 0.5 * of2, ':paint': of2, ':door': of1 }
  expect(Object.fromEntries(vectorOf(past[0]!, rarities(past)))).toEqual(
    Object.fromEntries(Object.entries(expected).map(([key, weight]) => [key, expect.closeTo(weight, 9)])),
  )
})

const placesOf = (members: readonly Past[], shareOfAll: number) => {
  const paths = new Set(members.flatMap(({ files }) => files.map(({ path }) => path)))
  const rarity = { get: () => Math.log(1 / shareOfAll) } as unknown as ReadonlyMap<string, number>
  return stepsOf(members, rarity, paths).map(({ place, isNew, model, held, share }) => ({
    ...{ place, isNew, model, held },
    share: Math.round(100 * share) / 100,
  }))
}

test('a pattern of what is changed is told where these commits hold it half as often again as all, one of what is made in any case', () => {
  const changing = pastOf(['a', 'b', 'c', 'd'].map((name) => addition(name, [`src/of/${name}.ts`])))
  const step = { place: 'src/of/*.ts', held: 4, share: 0.8 } // of five: one that held nothing is added
  expect(placesOf(changing, 0.5)).toEqual([{ ...step, isNew: false, model: 'src/of/a.ts' }])
  expect(placesOf(changing, 0.55)).toEqual([])
  const making = pastOf(['a', 'b', 'c', 'd'].map((name) => addition(name, [], [`src/of/${name}.ts`])))
  expect(placesOf(making, 0.9)).toEqual([{ ...step, isNew: true, model: 'src/of/a.ts' }])
})

test('the model of a pattern is the newest file that was made so, and not a newer one that was only changed', () => {
  const members = pastOf([
    addition('a', ['src/of/a.ts']),
    addition('b', [], ['src/of/b.ts']),
    addition('c', [], ['src/of/c.ts']),
    addition('d', [], ['src/of/d.ts']),
  ])
  expect(placesOf(members, 0.9)).toMatchObject([{ place: 'src/of/*.ts', isNew: true, model: 'src/of/b.ts' }])
})

test('of places that all commits hold ten are told, and two commits may show them', () => {
  const files = 'abcdefghijkl'.split('').map((name) => `src/${name}/index.ts`)
  const members = pastOf(['one', 'two'].map((title) => addition(title, files)))
  expect(placesOf(members, 0.9).map(({ place }) => place)).toEqual(files.slice(0, 10))
})

test('a wider pattern is told where it holds so much more: .15 for each star', () => {
  // names that are told twice are 'cmd/<name>/<name>.go', of no star; all are 'cmd/*/*.go'
  const made = (twice: number, others: number) =>
    pastOf(
      Array.from({ length: twice + others }, (_, i) =>
        addition(`${i}`, [], [`cmd/x${i}/${i < twice ? `x${i}` : `y${i}`}.go`]),
      ),
    )
  const told = (twice: number, others: number) => placesOf(made(twice, others), 0.9).map(({ place }) => place)
  expect(told(7, 2)).toEqual(['cmd/<name>/<name>.go']) // .7 and .9 of ten
  expect(told(12, 7)).toEqual(['cmd/*/*.go']) // .6 and .95 of twenty
})
