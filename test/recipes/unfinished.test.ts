import { expect, test } from 'vitest'
import type { Recipe, RecipeStep } from '../../src/recipe.ts'
import { unfinished } from '../../src/recipes/unfinished.ts'

const step = (place: string, more: Partial<RecipeStep> = {}): RecipeStep => ({
  ...{
    kind: 'source',
    place,
    isPattern: place.includes('*'),
    isNew: false,
    model: null,
    held: 8,
    created: 0,
    share: 0.8,
  },
  ...more,
})
const NEW = { isNew: true, created: 8 }
const commits = Array.from({ length: 10 }, (_, i) => ({ hash: `${i}`, subject: 'Add the x command', time: i }))
const recipe = (steps: readonly RecipeStep[], more: Partial<Recipe> = {}): Recipe => ({
  ...{ name: 'new command', by: 'kind', word: 'command', steps, commits, sources: 2 },
  ...more,
})
const COMMAND = recipe([
  step('src/commands/*.ts', { ...NEW, model: 'src/commands/a.ts' }),
  step('src/commands/index.ts'),
  step('test/commands/*.test.ts', { ...NEW, kind: 'test' }),
  step('docs/seldom.md', { held: 4 }),
])
const created = ['src/commands/sum.ts']
const USED = ['src/commands/b.ts', 'src/commands/index.ts', 'test/commands/b.test.ts', 'src/x.ts', 'src/y.ts']
const left = (
  recipes: readonly Recipe[],
  changed: readonly string[],
  made = created,
  lately = [USED, USED, ['src/z.ts']],
) => unfinished(recipes, { created: made, changed: [...made, ...changed] }, () => lately).map((one) => one.step.place)

test('a created file begins a recipe, and its usual steps that are not taken are left', () => {
  expect(left([COMMAND], [])).toEqual(['src/commands/index.ts', 'test/commands/*.test.ts'])
  expect(left([COMMAND], ['src/commands/index.ts'])).toEqual(['test/commands/*.test.ts'])
  expect(left([COMMAND], ['src/commands/index.ts'], [...created, 'test/commands/sum.test.ts'])).toEqual([])
})

test('a new file that the recipe makes is not made by changing an old one', () => {
  expect(left([COMMAND], ['src/commands/index.ts', 'test/commands/a.test.ts'])).toEqual(['test/commands/*.test.ts'])
})

test('a habit, another folder or a changed file begins nothing', () => {
  expect(left([{ ...COMMAND, by: 'habit' }], [])).toEqual([])
  expect(left([COMMAND], [], ['src/other/sum.ts'])).toEqual([])
  expect(left([COMMAND], ['src/commands/a.ts'], [])).toEqual([])
})

test('of several recipes the one counts that the change is furthest in', () => {
  const other = recipe([step('src/commands/*.ts', NEW), step('src/x.ts'), step('src/y.ts')], { word: 'other' })
  expect(left([other, COMMAND], ['src/commands/index.ts'])).toEqual(['test/commands/*.test.ts'])
})

test('a step that the newest commits of the recipe leave out is not asked for', () => {
  const lately = [['src/commands/b.ts', 'test/commands/b.test.ts'], USED, ['test/commands/c.test.ts']]
  expect(left([COMMAND], [], created, lately)).toEqual(['test/commands/*.test.ts'])
})
