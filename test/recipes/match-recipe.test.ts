import { expect, test } from 'vitest'
import { kindAdded, knownWith, matchRecipe } from '../../src/recipes/match-recipe.ts'
import { recipeTerms } from '../../src/request/request-terms.ts'

const NEW = new Set(['venn', '2048', 'redis', 'timeout', 'enhanc', 'umask', 'hierarchy', 'palett', 'revers', 'fetch'])
const isKnown = (terms: readonly string[]) => !terms.some((term) => NEW.has(term))

test.each([
  ['feat: Add Venn diagram', 'diagram'],
  ['Add big round Venn diagram', 'diagram'],
  ['Add a Venn diagram; it has circles in it', 'diagram'],
  ['Add a Venn diagram that shows a hierarchy', 'diagram'],
  ['feat(middleware): introduce Timeout Middleware', 'middlewar'],
  ['Add `umask` command, for Unix', 'command'],
  ['Add `Style/HashFetch` cop', 'cop'],
  ['add `str reverse-words` command', 'command'],
  ["Add 'umask' command", 'command'],
  ['Add “Venn” diagram', 'diagram'],
])('%s adds another one', (title, kind) => {
  expect(kindAdded(title, isKnown)).toBe(kind)
})

test.each([
  'Add diagram',
  'Add class diagram', // a path says class
  'Add a flag to the `path join` command',
  'Add check for UseEnhancedSwitch', // something stands between
  'Add big round tiny wide Venn diagram', // many words
  'Add command palette', // it may be a thing of its own
  'Venn, Redis', // neither is known
  'Add Venn, diagram', // something stands between
  'Add 2048 diagram', // a number is no name
  'Add a way to draw large Venn diagrams', // says more
  '',
])('%j adds none of a kind', (title) => {
  expect(kindAdded(title, isKnown)).toBeNull()
})

test('how others of the kind were added is what a title means before anything else, then the first word that it says', () => {
  const [driver, redis, kind] = [
    ...['driver', 'redis'].map((word) => ({ by: 'word' as const, word })),
    { by: 'kind' as const, word: 'driver' },
  ]
  const all = [driver!, redis!, kind!, { by: 'habit' as const, word: null }]
  const match = (title: string, added: string | null = null, some = all) =>
    matchRecipe(some, { terms: recipeTerms(title), kind: added })
  expect(match('Add redis driver', 'driver')).toBe(kind)
  expect(match('Add redis driver')).toBe(driver)
  expect(match('Add redis', 'hook')).toBe(redis)
  expect(match('Add drivers to the menu', 'hook')).toBe(driver)
  expect(match('Add redis driver', null, [kind!])).toBeNull()
  expect(match('Draw a map')).toBeNull()
})

test('the kind of a recipe stays known when no path says it any more; its words, and two words, do not', () => {
  const recipes = [
    { by: 'kind', word: 'driver' },
    { by: 'word', word: 'redi' },
  ] as const
  const known = knownWith(recipes, (terms) => terms.includes('path'))
  expect([['driver'], ['redi'], ['path'], ['driver', 'hook'], ['driver', 'path'], []].map(known)).toEqual([
    ...[true, false, true, false, true, false],
  ])
})

test('of a long title only the beginning is read', () => {
  const padded = (spaces: number) => `Add Venn diagram${' '.repeat(spaces)}; it is round`
  expect(kindAdded(padded(1), isKnown)).toBe('diagram')
  expect(kindAdded(`${'é'.repeat(301)} Add Venn diagram`, isKnown)).toBeNull()
})
