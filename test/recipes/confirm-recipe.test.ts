import { expect, test } from 'vitest'
import type { Recipe } from '../../src/recipe.ts'
import { confirmRecipe, type KnownCommit } from '../../src/recipes/confirm-recipe.ts'
import { patternsOf } from '../../src/recipes/places.ts'

const commit = (paths: readonly string[], subject = 'Add a command'): KnownCommit => ({
  subject,
  paths: new Set(paths),
  patterns: new Set(paths.flatMap(patternsOf)),
})
const known = new Map([
  ['a', commit(['cli/commands/a.ts', 'cli/index.ts'])],
  ['b', commit(['cli/commands/b.ts', 'cli/index.ts'])],
  ['c', commit(['deploy/prod.sh'])],
])
const recipe = (hashes: readonly string[], places: readonly string[]): Recipe =>
  ({
    commits: hashes.map((hash) => ({ hash, subject: 'Add a command' })),
    steps: places.map((place) => ({ place, isPattern: place.includes('*'), model: null, held: 20, created: 0 })),
  }) as never
const confirm = (...of: Parameters<typeof recipe>) =>
  confirmRecipe(recipe(...of), known, () => true)?.steps.map(({ place, held }) => [place, held])

test('a step counts if known commits took it, by a path or a pattern', () => {
  expect(confirm(['a', 'b', 'unknown'], ['cli/commands/*.ts', 'cli/index.ts', 'deploy/prod.sh'])).toEqual([
    ['cli/commands/*.ts', 2],
    ['cli/index.ts', 2],
  ])
})

test('a commit that is named many times counts once', () => {
  expect(confirm(Array(20).fill('c'), ['deploy/prod.sh'])).toBeUndefined()
  expect(confirm(['a', 'b', ...Array(20).fill('c')], ['deploy/prod.sh'])).toBeUndefined()
})
