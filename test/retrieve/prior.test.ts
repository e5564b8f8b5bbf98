import { expect, test } from 'vitest'
import type { Recipe, RecipeStep } from '../../src/recipe.ts'
import { likelihood } from '../../src/retrieve/likelihood.ts'
import { nameFiles } from '../../src/retrieve/name-files.ts'
import { asUsual } from '../../src/retrieve/prior.ts'
import type { Scored } from '../../src/retrieve/score.ts'

const step = (place: string): RecipeStep => ({
  ...{ kind: 'source', place, isPattern: place.includes('*'), isNew: false, model: null },
  ...{ held: 3, created: 0, share: 0.7 },
})
const recipe = (sources: number, ...places: string[]): Recipe => ({
  ...{ name: 'icons', by: 'word', word: 'icon', steps: places.map(step), sources },
  commits: ['a', 'b', 'c', 'd'].map((hash) => ({ hash, subject: 'Add an icon', time: 0 })),
})
const ranked: Scored[] = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts', 'src/e.ts'].map((path, i) => ({
  ...{ path, score: 5 - i / 4, evidence: () => [{ value: 1, why: () => 'speaks of icons' }] },
}))
const readable = new Map(['src/b.ts', 'src/registry.ts'].map((path) => [path, { isGenerated: false }]))
const expectedOf = (files: readonly Scored[]) =>
  likelihood(files).reduce((sum, { path, probability }) => (path.startsWith('src/') ? sum + probability : sum), 0)

test('what a recipe changes is likelier by e squared in its odds, with the evidence first', () => {
  const usual = asUsual(ranked, recipe(3, 'src/b.ts'), readable)
  const shifts = new Map(usual.map(({ path, shift }) => [path, shift!]))
  expect(shifts.get('src/b.ts')! - shifts.get('src/a.ts')!).toBeCloseTo(2)
  expect([...shifts.keys()]).toEqual(ranked.map(({ path }) => path))
  expect(nameFiles(usual).find(({ path }) => path === 'src/b.ts')!.why).toEqual([
    'changed by 3 of 4 past commits of this kind',
    'speaks of icons',
  ])
})

test('the odds of sources are moved by what its commits changed over what is expected; tests stay', () => {
  const files = [...ranked, { ...ranked[0]!, path: 'test/a.test.ts' }]
  const shiftsOf = (sources: number) => asUsual(files, recipe(sources, 'docs/z.md'), readable).map(({ shift }) => shift)
  const all = (shift: number) => [...ranked.map(() => expect.closeTo(shift)), undefined]
  const expected = expectedOf(files)
  expect(shiftsOf(expected)).toEqual(all(0))
  expect(shiftsOf(2 * expected)).toEqual(all(Math.log(2)))
  expect(shiftsOf(0)).toEqual(all(Math.log(0.5 / expected)))
  expect(asUsual([], recipe(3, 'src/a.ts'), new Map())).toEqual([])
})

test('a narrow kind of change names fewer files', () => {
  const named = (sources: number) =>
    nameFiles(asUsual(ranked, recipe(sources, 'src/a.ts'), readable)).filter(({ role }) => role === 'modify').length
  expect(named(1)).toBeLessThan(named(6))
})

test('no recipe, and what additions of any kind do, change nothing', () => {
  const habit = { ...recipe(1, 'src/a.ts'), by: 'habit' as const }
  for (const one of [null, habit]) expect(asUsual(ranked, one, readable)).toBe(ranked)
})

test('what a recipe changes is at least as likely as it was changed, though nothing else speaks for it', () => {
  const told = (files: readonly Scored[]) =>
    new Map(
      nameFiles(asUsual(files, recipe(1, 'src/e.ts', 'src/registry.ts', 'src/drivers/*.ts'), readable)).map((file) => [
        file.path,
        file,
      ]),
    )
  expect([...told(ranked).keys()].sort()).toEqual([...ranked.map(({ path }) => path), 'src/registry.ts'])
  expect(told(ranked).get('src/registry.ts')).toMatchObject({
    ...{ role: 'modify', why: ['changed by 3 of 4 past commits of this kind'] },
  })
  const weak = ranked.map((file, i) => ({ ...file, score: i === 4 ? 0.01 : file.score }))
  for (const path of ['src/e.ts', 'src/registry.ts']) expect(told(weak).get(path)!.score).toBe(3 / 6)
  expect([...told([]).keys()]).toEqual(['src/registry.ts'])
})

test('what nobody can change is not added, what a tool writes is not named, and what is said of all is said of what is added', () => {
  const read = new Map([
    ['src/gen.ts', { isGenerated: true }],
    ['src/registry.ts', { isGenerated: false }],
  ])
  const files = ranked.map((file) => ({ ...file, isUnspokenOf: true as const, isGuess: true as const }))
  const added = asUsual(files, recipe(1, 'gen/sprite.png', 'src/gen.ts', 'src/registry.ts'), read).slice(ranked.length)
  expect(added).toMatchObject([
    { path: 'src/gen.ts', isGenerated: true, isUnspokenOf: true, isGuess: true },
    { path: 'src/registry.ts', isUnspokenOf: true, isGuess: true },
  ])
  expect(added[1]).not.toHaveProperty('isGenerated')
})
