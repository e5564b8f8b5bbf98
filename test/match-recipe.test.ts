import { expect, test } from 'vitest'
import { kindAdded, matchRecipe } from '../src/match-recipe.ts'

const NEW = new Set(['venn', 'redis', 'timeout', 'enhanc', 'umask', 'hierarchy', 'palett', 'revers', 'fetch'])
const isKnown = (terms: readonly string[]) => !terms.some((term) => NEW.has(term))

test.each([
  ['feat: Add Venn diagram', 'diagram'],
  ['Add big round Venn diagram', 'diagram'],
  ['Add a Venn diagram; it has circles in it', 'diagram'],
  ['charts: Add Venn diagram kind', 'diagram'],
  ['Add a Venn diagram that shows a hierarchy', 'diagram'],
  ['Add support for the Venn diagram type', 'diagram'],
  ['feat(middleware): introduce Timeout Middleware', 'middlewar'],
  ['Add `umask` command, for Unix', 'command'],
  ['New check UseEnhancedSwitch for Java', 'check'],
  ['Add command `umask`', 'command'],
  ['Add new cop Style/HashFetch', 'cop'],
  ['Add `Style/HashFetch` cop', 'cop'],
  ['add `str reverse-words` command', 'command'],
  ['new option "FetchTimeout"', 'option'],
  ['added option "umask"', 'option'],
  ["Add 'umask' command", 'command'],
  ['Add “Venn” diagram', 'diagram'],
])('%s adds another one', (title, kind) => {
  expect(kindAdded(title, isKnown)).toBe(kind)
})

test.each([
  'Add diagram',
  'Add class diagram', // a path says class
  'Add a flag to the `path join` command',
  'Snowflake: HashFetch', // a scope is no kind
  'Add check for UseEnhancedSwitch', // something stands between
  'Add big round tiny wide Venn diagram', // many words
  'Add command palette', // it may be a thing of its own
  'Venn, Redis', // neither is known
  'Add a way to draw large Venn diagrams', // says more
  '',
])('%j adds none of a kind', (title) => {
  expect(kindAdded(title, isKnown)).toBeNull()
})

test('how others of the kind were added is what a title means before anything else', () => {
  const terms = [{ term: 'driver', weight: 9 }]
  const [member, places, word] = (['kind', 'places', 'word'] as const).map((by) => ({ by, word: 'driver', terms }))
  const all = [word!, places!, member!]
  expect(matchRecipe(all, { title: 'Add redis driver', kind: 'driver' })).toBe(member)
  expect(matchRecipe(all, { title: 'Add redis driver', kind: null })).toBe(places)
  expect(matchRecipe(all, { title: 'Add a driver for hooks', kind: 'hook' })).toBe(places)
  expect(matchRecipe([member!], { title: 'Add redis driver', kind: null })).toBeNull()
})
