import { expect, test } from 'vitest'
import { likelihood } from '../../src/retrieve/likelihood.ts'
import { nameFiles } from '../../src/retrieve/name-files.ts'
import type { Scored } from '../../src/retrieve/score.ts'
import { asUsual } from '../../src/retrieve/usual.ts'
import type { RecipeRow, RecipeStepRow } from '../../src/store/recipes.ts'

const step = (place: string): RecipeStepRow => ({
  ...{ kind: 'source', place, isPattern: place.includes('*'), isNew: false, model: null },
  ...{ held: 3, created: 0, share: 0.7 },
})
const recipe = (sources: number, ...places: string[]): RecipeRow => ({
  ...{ name: 'icons', by: 'places', word: null, steps: places.map(step), sources, terms: [] },
  commits: ['a', 'b', 'c', 'd'].map((hash) => ({ hash, subject: 'Add an icon', time: 0 })),
})
const ranked: Scored[] = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts', 'src/e.ts'].map((path, i) => ({
  ...{ path, score: 5 - i / 4, evidence: () => [{ value: 1, why: () => 'speaks of icons' }] },
}))
const odds = (probability: number) => probability / (1 - probability)
const oddsIn = (files: readonly Scored[], shift = 0) =>
  new Map(likelihood(files, shift).map(({ path, probability }) => [path, odds(probability)]))

test('what a recipe changes is likelier by e in its odds, with the evidence first', () => {
  const usual = asUsual(ranked, recipe(2, 'src/b.ts', 'src/not-ranked.ts'), 0)
  const [plain, marked] = [oddsIn(ranked), oddsIn(usual.ranked)]
  expect(marked.get('src/b.ts')! / plain.get('src/b.ts')!).toBeCloseTo(Math.E)
  expect(marked.get('src/a.ts')).toBe(plain.get('src/a.ts'))
  expect([...marked.keys()].sort()).toEqual([...plain.keys()].sort())
  const [first] = nameFiles(usual.ranked).filter(({ path }) => path === 'src/b.ts')
  expect(first!.why).toEqual(['changed by 3 of 4 past commits of this kind', 'speaks of icons'])
})

test('as many source files are expected as its commits changed, within bounds, whatever was learned besides', () => {
  const expected = (shift: number) =>
    [...likelihood(ranked, shift)].reduce((sum, { probability }) => sum + probability, 0)
  const shiftOf = (sources: number, shift = 0) => asUsual(ranked, recipe(sources, 'src/*.ts'), shift).shift
  expect(shiftOf(expected(0))).toBeCloseTo(0)
  expect(shiftOf(0.8 * expected(0))).toBeCloseTo(Math.log(0.8))
  expect([shiftOf(0), shiftOf(100)]).toEqual([-1, 0.5])
  expect(shiftOf(expected(0.6), 0.6)).toBeCloseTo(0.6)
  expect(asUsual([], recipe(3, 'src/a.ts'), 0)).toEqual({ ranked: [], shift: 0.5 })
})

test('a narrow kind of change names fewer files', () => {
  const named = (sources: number) => {
    const usual = asUsual(ranked, recipe(sources, 'src/a.ts'), 0)
    return nameFiles(usual.ranked, usual.shift).filter(({ role }) => role === 'modify').length
  }
  expect(named(1)).toBeLessThan(named(6))
})

test('no recipe, and what additions of any kind do, change nothing', () => {
  const habit = { ...recipe(1, 'src/a.ts'), by: 'habit' as const }
  for (const one of [null, habit]) expect(asUsual(ranked, one, 0.2)).toEqual({ ranked, shift: 0.2 })
})
