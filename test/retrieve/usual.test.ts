import { expect, test } from 'vitest'
import type { RecipeStep } from '../../src/recipe.ts'
import { likelihood } from '../../src/retrieve/likelihood.ts'
import { nameFiles } from '../../src/retrieve/name-files.ts'
import type { Scored } from '../../src/retrieve/score.ts'
import { asUsual, withUnranked } from '../../src/retrieve/usual.ts'
import type { RecipeRow } from '../../src/store/recipes.ts'

const step = (place: string): RecipeStep => ({
  ...{ kind: 'source', place, isPattern: place.includes('*'), isNew: false, model: null },
  ...{ held: 3, created: 0, share: 0.7 },
})
const recipe = (sources: number | null, ...places: string[]): RecipeRow => ({
  ...{ name: 'icons', by: 'places', word: null, steps: places.map(step), sources, terms: [] },
  commits: ['a', 'b', 'c', 'd'].map((hash) => ({ hash, subject: 'Add an icon', time: 0 })),
})
const ranked: Scored[] = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts', 'src/e.ts'].map((path, i) => ({
  ...{ path, score: 5 - i / 4, evidence: () => [{ value: 1, why: () => 'speaks of icons' }] },
}))
const odds = (probability: number) => probability / (1 - probability)
const oddsIn = (files: readonly Scored[], shift = 0) =>
  new Map(likelihood(files, shift).map(({ path, probability }) => [path, odds(probability)]))

test('what a recipe changes is likelier by e in its odds, with the evidence first; how wide it is may not be known', () => {
  const usual = asUsual(ranked, recipe(null, 'src/b.ts', 'src/not-ranked.ts'))
  const [plain, marked] = [oddsIn(ranked), oddsIn(usual)]
  expect(marked.get('src/b.ts')! / plain.get('src/b.ts')!).toBeCloseTo(Math.E)
  expect(marked.get('src/a.ts')).toBe(plain.get('src/a.ts'))
  expect([...marked.keys()].sort()).toEqual([...plain.keys()].sort())
  const [first] = nameFiles(usual).filter(({ path }) => path === 'src/b.ts')
  expect(first!.why).toEqual(['changed by 3 of 4 past commits of this kind', 'speaks of icons'])
})

test('as many source files are expected as its commits changed, within bounds, whatever was learned besides; tests stay', () => {
  const files = [...ranked, { ...ranked[0]!, path: 'test/a.test.ts' }]
  const marked = ranked.map((file, i) => (i === 0 ? { ...file, shift: 1 } : file))
  const expected = (shift: number) => likelihood(marked, shift).reduce((sum, { probability }) => sum + probability, 0)
  const shiftsOf = (sources: number, shift = 0) =>
    asUsual(files, recipe(sources, 'src/a.ts'), shift).map((file) => file.shift ?? 0)
  const all = (shift: number) => ranked.map((_, i) => expect.closeTo(i === 0 ? shift + 1 : shift)).concat(0)
  expect(shiftsOf(expected(0))).toEqual(all(0))
  expect(shiftsOf(0.8 * expected(0))).toEqual(all(Math.log(0.8)))
  expect(shiftsOf(0)).toEqual(all(-1))
  expect(shiftsOf(100)).toEqual(all(0.5))
  expect(shiftsOf(expected(0.6), 0.6)).toEqual(all(0))
  expect(asUsual([], recipe(3, 'src/a.ts'))).toEqual([])
})

test('a narrow kind of change names fewer files', () => {
  const named = (sources: number) =>
    nameFiles(asUsual(ranked, recipe(sources, 'src/a.ts'))).filter(({ role }) => role === 'modify').length
  expect(named(1)).toBeLessThan(named(6))
})

test('where what a recipe changes is not likely, the request is of another kind, and nothing is narrowed', () => {
  const files = [...ranked, { ...ranked[4]!, path: 'src/far.ts', score: 0 }]
  const shifts = asUsual(files, recipe(1, 'src/far.ts')).map(({ shift }) => shift)
  expect(shifts).toEqual([...ranked.map(() => undefined), 1])
})

test('no recipe, and what additions of any kind do, change nothing', () => {
  const habit = { ...recipe(1, 'src/a.ts'), by: 'habit' as const }
  for (const one of [null, habit]) expect(asUsual(ranked, one)).toBe(ranked)
})

test('what each thing of a kind changes is as likely as it was changed, though nothing else speaks for it', () => {
  const kind = { ...recipe(null, 'src/e.ts', 'src/registry.ts', 'src/drivers/*.ts'), by: 'kind' as const }
  const read = new Map(['src/e.ts', 'src/registry.ts'].map((path) => [path, { isGenerated: false }]))
  const usual = (files: readonly Scored[]) => asUsual(withUnranked(files, kind, read), kind)
  const told = new Map(nameFiles(usual(ranked)).map((file) => [file.path, file]))
  expect([...told.keys()].sort()).toEqual([...ranked.map(({ path }) => path), 'src/registry.ts'])
  for (const path of ['src/e.ts', 'src/registry.ts'])
    expect(told.get(path)).toMatchObject({ score: 3 / 6, role: 'modify' })
  expect(told.get('src/registry.ts')!.why).toEqual(['changed by 3 of 4 past commits of this kind'])
  const sure = likelihood(usual([{ ...ranked[0]!, path: 'src/registry.ts', score: 99 }]))
  expect(sure.find(({ path }) => path === 'src/registry.ts')!.probability).toBeGreaterThan(3 / 6)
  expect(usual([]).map(({ path }) => path)).toEqual(['src/e.ts', 'src/registry.ts'])
})

test('what nobody can change is not added, what a tool writes is not named, and what is said of all is said of what is added', () => {
  const kind = { ...recipe(null, 'gen/sprite.png', 'src/gen.ts', 'src/registry.ts'), by: 'kind' as const }
  const read = new Map([
    ['src/gen.ts', { isGenerated: true }],
    ['src/registry.ts', { isGenerated: false }],
  ])
  const files = ranked.map((file) => ({ ...file, isUnspokenOf: true as const, isGuess: true as const }))
  const added = withUnranked(files, kind, read).slice(ranked.length)
  expect(added).toMatchObject([
    { path: 'src/gen.ts', isGenerated: true, isUnspokenOf: true, isGuess: true },
    { path: 'src/registry.ts', isUnspokenOf: true, isGuess: true },
  ])
  expect(added[1]).not.toHaveProperty('isGenerated')
  expect(withUnranked(ranked, { ...kind, by: 'places' }, read)).toBe(ranked)
})
