import { expect, test } from 'vitest'
import type { PastAddition } from '../../src/recipes/addition.ts'
import { mineRecipes } from '../../src/recipes/mine-recipes.ts'

const YEAR = 365 * 86_400
const NOW = 1_700_000_000

let made = 0
function addition(title: string, modified: string[], created: string[] = [], ageYears = 0): PastAddition {
  made++
  const commit = `c${String(made).padStart(4, '0')}`
  return { commit, time: NOW - made - ageYears * YEAR, title, kind: null, modified, created }
}

const flag = (name: string, more: string[] = []) =>
  addition(
    `feat(cli): add --${name} flag to the run command`,
    ['src/options.ts', 'src/run.ts', ...more],
    [`news/${name}.md`],
  )
const driver = (name: string) =>
  addition(
    `Add ${name} driver`,
    [],
    [`src/drivers/${name}.ts`, `test/drivers/${name}.test.ts`, `docs/drivers/${name}.md`],
  )
const noise = () => [
  addition('Support colours on dumb terminals', ['src/tty.ts', 'src/colour.ts']),
  addition('Introduce an event bus', ['src/bus.ts', 'src/main.ts']),
  addition('Enable retries of uploads', ['src/net.ts', 'src/retry.ts']),
]
const others = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) =>
    addition(`Do thing ${from + i} of sort ${from + i}`, [`src/one/${from + i}.ts`, `src/two/${from + i}.ts`]),
  )
const HISTORY = [
  ...['watch', 'quiet', 'json', 'force', 'tag', 'dry'].map((name) =>
    flag(name, name === 'json' ? [] : ['docs/cli.md']),
  ),
  ...['redis', 'mongo', 'sqlite', 'azure', 'fs'].map(driver),
  ...noise(),
]
const PATHS = new Set(HISTORY.flatMap(({ modified, created }) => [...modified, ...created]))
const mine = (history: readonly PastAddition[] = HISTORY, paths: ReadonlySet<string> = PATHS) =>
  mineRecipes(history, paths)
const told = (recipe: ReturnType<typeof mine>[number] | undefined) =>
  recipe?.steps.map(({ kind, place, held, created }) => `${kind} ${place} ${held} (${created} new)`)

test('additions whose titles share a word are a recipe, with what most of them changed', () => {
  const recipe = mine().find(({ word }) => word === 'command')!
  expect(recipe).toMatchObject({ name: 'command', by: 'word' })
  expect(told(recipe)).toEqual([
    'changelog news/*.md 6 (6 new)',
    'source src/options.ts 6 (0 new)',
    'source src/run.ts 6 (0 new)',
    'doc docs/cli.md 5 (0 new)',
  ])
  expect(recipe.steps[0]).toMatchObject({ isPattern: true, isNew: true, model: 'news/watch.md' })
  expect(recipe.steps[0]!.share).toBeCloseTo(6 / 7, 5)
  expect(recipe.steps[1]).toMatchObject({ isPattern: false, isNew: false, model: null })
  expect(recipe.commits.map(({ subject }) => subject)).toEqual(HISTORY.slice(0, 6).map(({ title }) => title))
})

test('a file that a step names is not counted for a pattern beside it, and a model is of the commits shown', () => {
  const onPage = (title: string, ...files: readonly string[]) =>
    addition(
      title,
      ['page', 'map', ...files].map((name) => `src/browser/${name}.ts`),
    )
  const [odd, ...pages] = [
    onPage('Draw page corners', 'odd'), // changes the same, and does not mean it
    ...['load', 'close', 'popup', 'crash', 'dialog', 'frame'].map((name) =>
      onPage(`Add ${name} listener of page events`, name),
    ),
  ]
  const alone = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) =>
    addition(`Add ${name} listener of page events`, ['src/browser/page.ts']),
  )
  const steps = (some: readonly PastAddition[]) => {
    const history = [odd!, ...pages, ...some, ...others(30)]
    const paths = new Set(history.flatMap(({ modified }) => modified))
    const recipe = mine(history, paths).find(({ name }) => name.includes('listener'))
    return recipe?.steps.map(({ place, held, model }) => [place, held, model])
  }
  expect(steps(alone.slice(0, 4))).toEqual([
    ['src/browser/*.ts', 6, 'src/browser/load.ts'],
    ['src/browser/map.ts', 6, null],
    ['src/browser/page.ts', 10, null],
  ])
  expect(steps(alone)).toEqual([['src/browser/page.ts', 13, null]])
})

test('commits that made other files of the same kinds are a recipe of patterns', () => {
  const recipe = mine([...HISTORY, ...others(40)]).find(({ name }) => name.includes('driver'))
  expect(recipe!.name).toBe('driver')
  expect(told(recipe)).toEqual([
    'doc docs/drivers/*.md 5 (5 new)',
    'source src/drivers/*.ts 5 (5 new)',
    'test test/drivers/*.test.ts 5 (5 new)',
  ])
})

test('what each takes that adds another one of a kind is a recipe, though others say its name for other things', () => {
  const diagram = (name: string) => ({
    ...addition(`Add ${name} diagram`, ['src/registry.ts', 'src/schema.json'], [`src/diagrams/${name}.ts`]),
    kind: 'diagram',
  })
  const history = [
    ...['venn', 'radar', 'packet'].map(diagram),
    ...[1, 2, 3, 4, 5, 6].map((i) =>
      addition(`Allow diagram ${i} to be drawn there`, [`src/a${i}.ts`, `src/b${i}.ts`]),
    ),
    ...others(20),
  ]
  const paths = new Set(history.flatMap(({ modified, created }) => [...modified, ...created]))
  const mined = mineRecipes(history, paths).filter(({ by }) => by !== 'habit')
  expect(mined.map(({ name, by, word }) => [name, by, word])).toEqual([['new diagram', 'kind', 'diagram']])
  expect(told(mined[0])).toEqual([
    'source src/diagrams/*.ts 3 (3 new)',
    'source src/registry.ts 3 (0 new)',
    'other src/schema.json 3 (0 new)',
  ])
  expect(mined[0]!.commits.map(({ subject }) => subject)).toEqual(history.slice(0, 3).map(({ title }) => title))
  const two = history.filter(({ title }) => title !== 'Add packet diagram')
  expect(mineRecipes(two, paths).filter(({ by }) => by === 'kind')).toEqual([])
})

test('a recipe is told with all additions whose titles mean it, what else they did counted too', () => {
  const other = addition('feat(cli): add --late flag to the run command', ['src/late.ts']) // of one file: it shows none
  const recipe = mine([...HISTORY, ...others(20), other]).find(({ word }) => word === 'command')!
  expect(recipe.commits.map(({ hash }) => hash)).toEqual([...HISTORY.slice(0, 6), other].map(({ commit }) => commit))
  expect(told(recipe)).toEqual([
    'changelog news/*.md 6 (6 new)',
    'source src/options.ts 6 (0 new)',
    'source src/run.ts 6 (0 new)',
    'doc docs/cli.md 5 (0 new)',
  ])
  expect(recipe.steps[0]!.share).toBeCloseTo(6 / 7, 5)
})

test('what has nothing in common with others is in no recipe', () => {
  const shown = new Set(
    mine()
      .filter(({ by }) => by !== 'habit')
      .flatMap(({ commits }) => commits.map(({ hash }) => hash)),
  )
  expect(HISTORY.slice(11).filter(({ commit }) => shown.has(commit))).toEqual([])
  expect(mine(noise())).toEqual([])
})

test('two commits are no recipe, and one place is none', () => {
  expect(mine([...['a', 'b'].map(driver), ...noise()]).map(({ name }) => name)).toEqual([])
  const onePlace = ['x', 'y', 'z'].map((name) =>
    addition(`Add ${name} limit`, ['src/limits.ts', `src/of/${name}/only.go`]),
  )
  expect(mine([...onePlace, ...noise()], new Set(['src/limits.ts']))).toEqual([])
})

test('a place that is gone is no step', () => {
  const left = new Set([...PATHS].filter((path) => path !== 'src/run.ts'))
  const places = mine(HISTORY, left).flatMap(({ steps }) => steps.map(({ place }) => place))
  expect(places).toContain('src/options.ts')
  expect(places).not.toContain('src/run.ts')
})

test('old commits count less: the place of today is told, that of ten years ago is not', () => {
  const at = (file: string, years: number) => (name: string) =>
    addition(`Add ${name} codec to the player`, [file, 'src/codec.ts', 'src/player.ts'], [], years)
  const history = [
    ...['opus', 'flac', 'aac'].map(at('src/new.ts', 0)),
    ...['mp3', 'wav', 'ogg'].map(at('src/old.ts', 10)),
    ...others(40),
  ]
  const [recipe] = mine(history, new Set(['src/new.ts', 'src/old.ts', 'src/codec.ts', 'src/player.ts']))
  expect(recipe!.steps.map(({ place }) => place)).toEqual(['src/codec.ts', 'src/player.ts', 'src/new.ts'])
  expect(recipe!.steps[2]).toMatchObject({ held: 3 })
  expect(recipe!.steps[2]!.share).toBeGreaterThan(0.6)
})

test('what additions of any kind make is the habit, last', () => {
  const history = HISTORY.map((one, i) => ({ ...one, created: [...one.created, `.changeset/tidy-${i}.md`] }))
  const recipes = mine(history, new Set([...PATHS, '.changeset/tidy-3.md']))
  expect(recipes.at(-1)).toMatchObject({ by: 'habit', word: null })
  expect(told(recipes.at(-1))).toEqual(['changelog .changeset/*.md 14 (14 new)'])
  expect(recipes.filter(({ by }) => by === 'habit')).toHaveLength(1)
})

test('the source that most additions change is no habit, and nine additions have none', () => {
  const history = HISTORY.map((one) => ({ ...one, modified: [...one.modified, 'src/main.ts', 'CHANGELOG.md'] }))
  const paths = new Set([...PATHS, 'CHANGELOG.md'])
  expect(told(mine(history, paths).at(-1))).toEqual(['changelog CHANGELOG.md 14 (0 new)'])
  expect(mine(history.slice(0, 9), paths).some(({ by }) => by === 'habit')).toBe(false)
})

test('fragments that a release has taken are still to be made, as long as their folder is there', () => {
  const taken = [...PATHS].filter((path) => !path.startsWith('news/'))
  const flags = (paths: readonly string[]) => mine(HISTORY, new Set(paths)).find(({ word }) => word === 'command')
  expect(flags([...taken, 'news/.gitkeep'])!.steps[0]).toMatchObject({ place: 'news/*.md', isNew: true, model: null })
  expect(flags(taken)!.steps.map(({ place }) => place)).not.toContain('news/*.md')
})

test('lock files are no step', () => {
  const history = HISTORY.map((one) => ({
    ...one,
    modified: [...one.modified, 'package-lock.json', 'go.sum', 'Cargo.lock'],
  }))
  const places = mine(history, new Set([...PATHS, 'package-lock.json', 'go.sum', 'Cargo.lock'])).flatMap(({ steps }) =>
    steps.map(({ place }) => place),
  )
  expect(places.filter((place) => /lock|sum/.test(place))).toEqual([])
})

test('the order of the additions changes nothing, and nothing gives nothing', () => {
  expect(mine([...HISTORY].reverse())).toEqual(mine())
  expect(mine([])).toEqual([])
  expect(mine([addition('', [], [])])).toEqual([])
  expect(mine(['', '', ''].map((title) => addition(title, ['src/options.ts', 'docs/cli.md'])))).toEqual([])
})

test('hundreds of additions take less than two seconds', () => {
  const many = Array.from({ length: 600 }, (_, i) =>
    addition(
      `Add thing ${i % 40} to part ${i % 23}`,
      [`src/a${i % 40}.ts`, `src/b${i % 23}/c${i % 7}.ts`, 'src/index.ts', `docs/${i % 11}.md`],
      [`test/t${i}.test.ts`],
    ),
  )
  const started = performance.now()
  expect(mine(many, new Set(many.flatMap(({ modified }) => modified))).length).toBeGreaterThan(0)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('a recipe for which most titles that mean it did something else is none', () => {
  const bursts = [1, 2, 3, 4, 5, 6].map((i) =>
    addition(`Limit bursts of the gateway by key${i}`, ['src/limits.ts', 'src/api.ts']),
  )
  const others = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) =>
    addition(`Limit bursts of the gateway by key${10 + i}`, [`src/a${i}.ts`, `lib/b${i}.ts`]),
  )
  const anything = Array.from({ length: 90 }, (_, i) =>
    addition(`Enable thing${i} there${i}`, [`x/${i}/a.ts`, `y/${i}/b.ts`]),
  )
  const files = (history: readonly PastAddition[]) =>
    mine(history, new Set(history.flatMap(({ modified }) => modified)))
      .flatMap(({ steps }) => steps)
      .map(({ place }) => place)
  expect(files([...bursts, ...anything])).toEqual(expect.arrayContaining(['src/api.ts', 'src/limits.ts']))
  expect(files([...bursts, ...others, ...anything])).not.toContain('src/limits.ts')
})

test('fragments of a changelog are one place, whatever their suffix says', () => {
  const changes = ['feature', 'misc', 'bugfix', 'contrib'].flatMap((kind) =>
    [1, 2, 3].map((i) =>
      addition(`Support ${kind}${i} of it`, [`src/${kind}${i}.ts`], [`CHANGES/${kind.length}${i}.${kind}.rst`]),
    ),
  )
  const paths = new Set([...changes.flatMap(({ modified }) => modified), 'CHANGES/README.rst'])
  const habit = mine(changes, paths).find(({ by }) => by === 'habit')
  expect(habit?.steps).toMatchObject([{ place: 'CHANGES/*.*', isNew: true, held: 12 }])
})

test('additions of one file show no recipe, but tell which steps others did not take', () => {
  const short = (name: string) =>
    addition(`feat(cli): add --${name} flag to the run command`, ['src/options.ts'], [], -1)
  const shorts = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7', 'h8', 'i9'].map(short)
  expect(mine(shorts)).toEqual([])
  const recipe = mine([...HISTORY, ...shorts]).find(({ word }) => word === 'command')
  expect(recipe!.steps.map(({ place }) => place)).toEqual(['src/options.ts'])
})
