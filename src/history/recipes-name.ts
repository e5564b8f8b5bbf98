import type { Recipe } from '../recipe.ts'
import { termsOf } from '../words.ts'
import { sharedPhrase } from './recipes-phrase.ts'

export type Unnamed = Omit<Recipe, 'name'>

// Of files and folders that are called so in any repository.
const PLAIN =
  /^([*<].*|src|libs?|pkg|apps?|packages?|internal|core|common|base|main|mod|index|__init__|init|types?|utils?)$/i

const KINDS = ['source', 'other', 'test', 'doc', 'changelog']

/**
 * What a maintainer would call each of them: in their subjects' own words (see sharedPhrase), and where these share none as its place is
 * called: 'completions'. Of those that are called the same, each with a place that the others have not: 'script (commands/run.py)'.
 *
 * rarity: as rarities() tells it. As many, in the same order, no two of one name.
 */
export function nameRecipes(recipes: readonly Unnamed[], rarity: ReadonlyMap<string, number>): Recipe[] {
  const called = recipes.map((recipe) => {
    const plain = plainName(recipe, rarity)
    return { recipe, plain, key: termsOf(plain).join(' ') } // 'package' and 'packages' are the same
  })
  const taken = new Set<string>()
  return called.map(({ recipe, plain, key }, at) => {
    const others = called.filter((other) => other.recipe !== recipe && other.key === key).map((other) => other.recipe)
    const own = ownPlaces(recipe, others).map(within)
    const isAnywhere = others.length === 0 || recipe.by === 'word'
    const apart = [...(isAnywhere ? [plain] : []), ...own, plain, ...placesOf(recipe).map(within)]
    const name = apart.find((one) => !taken.has(one)) ?? within(`${at + 1}`)
    taken.add(name)
    return { ...recipe, name }

    function within(place: string): string {
      return `${plain} (${place})`
    }
  })
}

/** The name of one recipe, whatever others are called. It has a step or more. */
export function plainName(recipe: Unnamed, rarity: ReadonlyMap<string, number>): string {
  if (recipe.by === 'habit') return 'any addition'
  const name = phraseOf(recipe, rarity) ?? placeName(recipe)
  return recipe.by === 'kind' ? `new ${name}` : name
}

function phraseOf({ commits, word }: Unnamed, rarity: ReadonlyMap<string, number>): string | null {
  return sharedPhrase(
    commits.map(({ subject }) => subject),
    word,
    rarity,
  )
}

/** The folder that several of its places are in, else the first place; a plain name tells nothing, the one above it does. */
function placeName(recipe: Unnamed): string {
  const places = placesOf(recipe).map((place) => place.split('/'))
  const folders = places.map((path) => path.slice(0, -1).join('/'))
  const shared = folders.find((folder, at) => folders.indexOf(folder) !== at)
  const [first] = places as [string[]]
  const names = shared?.split('/') ?? [...first.slice(0, -1), first.at(-1)!.replace(/(?<=.)\..*$/, '')]
  return names.findLast((name) => !PLAIN.test(name)) ?? first.join('/')
}

/** The places that none of the others has, each by its last two parts and whole. */
function ownPlaces(recipe: Unnamed, others: readonly Unnamed[]): string[] {
  const theirs = new Set(others.flatMap(({ steps }) => steps.map(({ place }) => place)))
  return placesOf(recipe)
    .filter((place) => !theirs.has(place))
    .flatMap((place) => [place.split('/').slice(-2).join('/'), place])
}

/** Source first, changelogs last; in each kind files before patterns. */
function placesOf({ steps }: Unnamed): string[] {
  const rank = ({ kind, isPattern }: Recipe['steps'][number]) => 2 * KINDS.indexOf(kind) + (isPattern ? 1 : 0)
  return [...steps].sort((a, b) => rank(a) - rank(b)).map(({ place }) => place)
}
