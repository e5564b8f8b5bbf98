import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Recipe, RecipeStep } from '../../src/recipe.ts'
import { recipeFor } from '../../src/recipes/recipe-for.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { type HandMade, handMadeStore } from '../helpers/hand-made-store.ts'

let made: HandMade
beforeAll(() => {
  made = handMadeStore({ 'src/options.ts': {}, 'src/run.ts': {}, 'src/drivers/redis.ts': {} }, [{ subject: 'Start' }])
})
afterAll(() => made.store.close())

const step = (place: string, more: Partial<RecipeStep> = {}): RecipeStep => ({
  ...{ kind: 'source', place, isPattern: false, isNew: false, model: null, held: 3, created: 0, share: 0.7 },
  ...more,
})

/** The places of the recipe that a request for a flag means, mined with these steps; null: it means none. */
function placesLeft(...steps: readonly RecipeStep[]): readonly string[] | null {
  const recipe: Recipe = {
    ...{ name: 'flag', by: 'word', word: 'flag', steps, sources: 2 },
    commits: ['a', 'b', 'c'].map((hash) => ({ hash, subject: 'Add a flag', time: 0 })),
  }
  const mining = { head: 'commit0', version: 1, additions: 3, minedAt: 0 }
  made.store.recipes.replace(made.worktree, mining, [recipe])
  return recipeFor(made.store, made.worktree, readRequest('Add a quiet flag'))?.steps.map(({ place }) => place) ?? null
}

test('steps whose files are gone are left out, and a recipe of which one of several is left is none', () => {
  const [options, run, gone] = ['src/options.ts', 'src/run.ts', 'src/gone.ts'].map((place) => step(place))
  expect(placesLeft(options!, gone!, run!)).toEqual(['src/options.ts', 'src/run.ts'])
  expect(placesLeft(options!, gone!)).toBeNull()
  expect(placesLeft(options!)).toEqual(['src/options.ts']) // mined with one
  expect(placesLeft(gone!)).toBeNull()
})

test('a pattern stays while its model exists, that of a changelog in any case', () => {
  const pattern = { isPattern: true, isNew: true }
  const source = step('src/*.ts', { ...pattern, model: 'src/run.ts' })
  const fragment = step('news/*.md', { ...pattern, kind: 'changelog', model: 'news/1.md' })
  expect(placesLeft(step('src/options.ts'), source, fragment)).toEqual(['src/options.ts', 'src/*.ts', 'news/*.md'])
  expect(placesLeft(step('src/options.ts'), { ...source, model: 'src/gone.ts' })).toBeNull()
})

test('a request for another one of a kind means how others were added, where no path says its name', () => {
  const recipe: Recipe = {
    ...{ name: 'new driver', by: 'kind', word: 'driver', steps: [step('src/run.ts')], sources: 1 },
    commits: [{ hash: 'a', subject: 'Add a driver', time: 0 }],
  }
  const mined = { ...recipe, word: 'function' } // no path says it
  const mining = { head: 'commit0', version: 1, additions: 3, minedAt: 0 }
  made.store.recipes.replace(made.worktree, mining, [recipe, { ...mined, name: 'new function' }])
  const meant = (request: string) => recipeFor(made.store, made.worktree, readRequest(request))?.name ?? null
  expect(meant('Add mongo driver')).toBe('new driver')
  expect(meant('Add redis driver')).toBeNull()
  expect(meant('Add mongo engine')).toBeNull()
  expect(meant('Fix mongo driver')).toBeNull()
  expect(meant('#12: Add mongo driver')).toBe('new driver')
  expect(meant('Add a clamp function')).toBe('new function')
  expect(meant('Add a redis function')).toBeNull()
})
