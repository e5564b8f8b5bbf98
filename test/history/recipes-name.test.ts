import { expect, test } from 'vitest'
import { nameRecipes } from '../../src/history/recipes-name.ts'
import type { Recipe } from '../../src/recipe.ts'

let made = 0
const recipe = (subjects: readonly string[], places: readonly string[], word: string | null = null) => ({
  by: word === null ? ('places' as const) : ('word' as const),
  word,
  steps: places.map((place): Recipe['steps'][number] => ({
    kind: place.startsWith('test/') ? 'test' : place.startsWith('news/') ? 'changelog' : 'source',
    ...{ place, isPattern: place.includes('*'), isNew: false, model: null, held: 3, created: 0, share: 0.8 },
  })),
  commits: subjects.map((subject) => ({ hash: `c${made++}`, subject, time: 0 })),
  sources: 1,
  terms: [],
})
/** Terms that are not given are rare. */
const names = (recipes: readonly ReturnType<typeof recipe>[], common: readonly string[] = []) =>
  nameRecipes(recipes, { get: (key: string) => (common.includes(key.slice(1)) ? 0.1 : 2) } as Map<string, number>).map(
    ({ name }) => name,
  )
const nameOf = (subjects: readonly string[], word: string | null = null) =>
  names([recipe(subjects, ['src/config.ts'], word)])[0]

test('the words that stand together in the subjects are the name, as most spell them', () => {
  expect(
    nameOf(['Add flag to pr merge', 'Allow squash in `pr merge`', 'PR merge: a queue', 'Delete branch after merging']),
  ).toBe('pr merge')
  expect(nameOf(['feat(bearer-auth): a realm', 'feat: better bearerAuth', 'feat(bearer-auth): more text'])).toBe(
    'bearer-auth',
  )
  expect(
    nameOf(['Allow empty lines at the beginning of blocks', 'Empty lines at the beginning of blocks, again']),
  ).toBe('empty lines at the beginning of blocks')
  expect(nameOf(['feat(middleware/cache): a', 'feat(cache): b', 'feat(cache): c'])).toBe('cache')
})

test('words that only ask, and those of half of all additions, are no name', () => {
  const titles = ['feat(nuxt): support links', 'feat(nuxt): support islands']
  expect(names([recipe(titles, ['src/nuxt/links.ts'])], ['nuxt'])).toEqual(['links'])
})

test('without shared words the place is the name: the folder of several, or the file, or the folder of a plain file', () => {
  const titles = ['Add colours', 'Add sounds', 'Let it rain']
  const by = (...places: string[]) => names([recipe(titles, places)])[0]
  expect(by('news/*.md', 'cli/completions/x.bash', 'cli/completions/x.zsh')).toBe('completions')
  expect(by('src/weather/*.ts', 'src/core/config.ts', 'test/weather.test.ts')).toBe('config')
  expect(by('src/weather/index.ts', 'test/rain.test.ts')).toBe('weather')
  expect(by('src/*.ts')).toBe('src/*.ts')
})

test('a recipe by word shows its word, out of longer names too', () => {
  expect(nameOf(['Add cloudflare-kv driver', 'Add cloudflare-r2 driver'], 'cloudflar')).toBe('cloudflare')
  expect(nameOf(['Read pyproject.toml', 'Write pyproject.toml twice', 'Lock as pylock.toml'], 'toml')).toBe(
    'pyproject.toml',
  )
})

test('a word that is the whole of a longer name is shown as that is spelled', () => {
  expect(nameOf(['Hooks in RuleTester', 'Swap FlatRuleTester-RuleTester', 'Warn in `RuleTester`'], 'ruletester')).toBe(
    'RuleTester',
  )
  expect(nameOf(['Hooks', 'Swaps', 'Warnings'], 'ruletester')).toBe('config') // a term that none spells: its place
})

test('of those called the same each has a place of its own, and the one of a word has none', () => {
  const titles = ['Add script colours', 'Add scripts of shells', 'Allow any script']
  expect(
    names([
      recipe(titles, ['news/*.md', 'src/cli/run.ts'], 'script'),
      recipe(titles, ['news/*.md', 'src/cli/run.ts', 'test/run.test.ts']),
      recipe(titles, ['news/*.md', 'src/shell/start.ts', 'src/cli/run.ts']),
      recipe(titles, ['news/*.md']),
    ]),
  ).toEqual(['script', 'script (test/run.test.ts)', 'script (shell/start.ts)', 'script (news/*.md)'])
  const subsets = [['a'], ['b'], ['c'], ['a', 'b'], ['a', 'c'], ['b', 'c']]
  expect(names(subsets.map((places) => recipe(titles, places)))).toEqual([
    ...['script', 'script (b)', 'script (c)', 'script (a)', 'script (5)', 'script (6)'],
  ])
})

test('a name has at most 40 characters of subjects, and is never cut', () => {
  const long = 'Rope ladders rope bridges rope swings rope knots rope ends'
  expect(long).toContain(nameOf([long, `${long} too`])!.slice(1))
  expect(nameOf([long, `${long} too`])!.length).toBeLessThanOrEqual(40)
})
