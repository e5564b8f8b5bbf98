import { afterAll, beforeAll, expect, test } from 'vitest'
import { usualCompanions } from '../../../agents/feature/usual-companions.ts'
import type { Recipe } from '../../../src/recipe.ts'
import { readRequest } from '../../../src/request/read-request.ts'
import { type HandMade, handMadeStore } from '../../helpers/hand-made-store.ts'

let made: HandMade
beforeAll(() => {
  made = handMadeStore({ 'cops/lint/void.rb': {}, 'cmd/list/list.go': {} }, [{ subject: 'Start' }])
})
afterAll(() => made.store.close())

/** What is missing of a recipe for a new cop. Each of its past features made a file of this pattern. */
function missing(place: string, created: readonly string[]): readonly string[] {
  const step = { kind: 'source', place, isPattern: true, isNew: true, model: 'cops/lint/void.rb' } as const
  const recipe: Recipe = {
    ...{ name: 'new cop', by: 'word', word: 'cop', sources: 1 },
    steps: [{ ...step, held: 3, created: 3, share: 0.9 }],
    commits: ['a', 'b', 'c'].map((hash) => ({ hash, subject: 'Add a cop', time: 0 })),
  }
  made.store.recipes.replace(made.worktree, { head: 'commit0', version: 1, additions: 3, minedAt: 0 }, [recipe])
  return usualCompanions(made, readRequest('Add a strict cop'), [], created).map(({ path }) => path)
}

test.each([
  ['cops/*/*.rb', 'cops/style/strict.rb', 'cops/style/deep/strict.rb'],
  ['cops/lint/*.rb', 'cops/lint/strict.rb', 'cops/style/strict.rb'],
  ['cmd/<name>/<name>.go', 'cmd/strict/strict.go', 'cmd/strict.go'],
])('a new file of %s is missing until it is made', (pattern, isOf, isNot) => {
  expect(missing(pattern, [])).toEqual([pattern])
  expect(missing(pattern, [isNot])).toEqual([pattern])
  expect(missing(pattern, [isOf])).toEqual([])
})
