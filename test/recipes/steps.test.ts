import { expect, test } from 'vitest'
import type { RecipeStep } from '../../src/recipe.ts'
import { pastOf } from '../../src/recipes/past-additions.ts'
import { isTaken, recount, stepsOf, took } from '../../src/recipes/steps.ts'

const YEAR = 365 * 86_400
const addition = (modified: readonly string[], created: readonly string[] = [], years = 0) => ({
  ...{ commit: 'c', time: 1_700_000_000 - years * YEAR, title: 'Add it', kind: null, modified, created },
})
const step = (place: string, more: Partial<RecipeStep> = {}): RecipeStep => ({
  ...{
    kind: 'source',
    place,
    isPattern: place.includes('*'),
    isNew: false,
    model: null,
    held: 3,
    created: 0,
    share: 0.7,
  },
  ...more,
})

test('a file that a step names counts for this step, and not for a pattern that matches it too', () => {
  const [exact, pattern] = [step('src/a.ts'), step('src/*.ts', { share: 0.9 })]
  const [one, other] = pastOf([addition(['src/a.ts']), addition(['src/b.ts'])])
  const steps = [pattern, exact]
  expect([one!, other!].map((past) => [took(past, exact, steps), took(past, pattern, steps)])).toEqual([
    [true, false],
    [false, true],
  ])
})

test('of two patterns that match a file the better one counts: the one that more commits show, or the narrower', () => {
  const [past] = pastOf([addition(['src/list/list.ts'])])
  const narrow = step('src/list/*.ts', { share: 0.7 })
  const counts = (share: number) => {
    const wide = step('src/*/*.ts', { share })
    return [took(past!, narrow, [wide, narrow]), took(past!, wide, [wide, narrow])]
  }
  expect(counts(0.84)).toEqual([true, false])
  expect(counts(0.86)).toEqual([false, true])
})

test('a step that makes a file is taken only by a commit that made one', () => {
  const [changed, made] = pastOf([addition(['src/a.ts']), addition([], ['src/b.ts'])])
  const make = step('src/*.ts', { isNew: true })
  expect([took(changed!, make, [make]), took(made!, make, [make])]).toEqual([false, true])
  const change = step('src/*.ts')
  expect([took(changed!, change, [change]), took(made!, change, [change])]).toEqual([true, true])
})

test('a step is taken if half of the commits took it, and one more that did not is counted', () => {
  const one = step('src/a.ts')
  const taken = (took: number, not: number) =>
    isTaken(one, [one], pastOf([...Array(took).fill(addition(['src/a.ts'])), ...Array(not).fill(addition(['x.ts']))]))
  expect([taken(1, 0), taken(2, 1), taken(2, 2), taken(0, 0)]).toEqual([true, true, false, false])
})

test('old commits weigh less when a step is counted', () => {
  const one = step('src/a.ts')
  const isOld = pastOf([addition(['x.ts']), addition(['src/a.ts'], [], 30), addition(['src/a.ts'], [], 30)])
  expect(isTaken(one, [one], isOld)).toBe(false)
})

test('counted again, a step has how many took it, how many made its file, and the newest file as model', () => {
  const commits = pastOf([
    addition(['src/b.ts']),
    addition(['src/gone.ts']),
    addition(['README.md']),
    addition([], ['src/c.ts', 'src/d.ts']),
  ])
  const paths = new Set(['src/b.ts', 'src/c.ts', 'src/d.ts'])
  const pattern = step('src/*.ts', { model: 'src/old.ts' })
  expect(recount(pattern, [pattern], commits, paths)).toEqual({ ...pattern, held: 3, created: 1, model: 'src/b.ts' })
  const make = { ...pattern, isNew: true }
  expect(recount(make, [make], commits, paths)).toEqual({ ...make, held: 1, created: 1, model: 'src/c.ts' })
  expect(recount(pattern, [pattern], commits, new Set())).toMatchObject({ model: 'src/old.ts' })
  const exact = step('src/b.ts')
  expect(recount(exact, [exact], commits, paths)).toEqual({ ...exact, held: 1, created: 0, model: null })
})

test('a place needs three in five of the commits, one more that did not counted, and two commits at least', () => {
  const places = (took: number, not: number) =>
    stepsOf(
      pastOf([...Array(took).fill(addition(['a.ts'])), ...Array(not).fill(addition(['b.ts', 'c.ts']))]),
      new Set(['a.ts']),
    ).map(({ place, held, share }) => [place, held, Number(share.toFixed(3))])
  expect(places(3, 1)).toEqual([['a.ts', 3, 0.6]])
  expect(places(3, 2)).toEqual([])
  expect(places(2, 0)).toEqual([['a.ts', 2, 0.667]])
  expect(places(1, 0)).toEqual([])
})

test('steps come with the most frequent first, and by name among equals', () => {
  const all = [...Array(3).fill(addition(['b.ts', 'a.ts', 'c.ts'])), addition(['c.ts'])]
  const steps = stepsOf(pastOf(all), new Set(['a.ts', 'b.ts', 'c.ts']))
  expect(steps.map(({ place, held }) => `${place} ${held}`)).toEqual(['c.ts 4', 'a.ts 3', 'b.ts 3'])
})
