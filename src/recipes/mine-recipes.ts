import { countEach, groupBy } from '../groups.ts'
import { isSource } from '../paths.ts'
import type { Recipe, RecipeStep } from '../recipe.ts'
import { asksInTitle } from '../request/asking.ts'
import { partTerms, termsOf } from '../request/words.ts'
import type { RepoPath } from '../types.ts'
import type { PastAddition } from './addition.ts'
import { matchRecipe } from './match-recipe.ts'
import { type Past, pastOf } from './past-additions.ts'
import { isTaken, recount, stepsOf } from './steps.ts'

/** What some past additions have in common, and the steps that most of them took. members: newest first. */
interface Found extends Pick<Recipe, 'by' | 'word' | 'steps'> {
  readonly members: readonly Past[]
}

const FEWEST_FILES = 2 // of an addition that shows a recipe; one of a single file tells which steps others did not take
const FEWEST_COMMITS = 3
const MOST_SAYING = 0.5 // of all additions: a word that more of them share is of none
const FEWEST_STEPS = 2
const FEWEST_OF_HABIT = 10 // commits: what six of anything have in common is chance

/**
 * The recipes of a repository, in the order in which a title is compared with them.
 *
 * additions: any order. paths: the files that exist now; a file that is gone is no step. First come recipes by kind: how all were added that are
 * another one of a kind. Then by word: the additions whose titles share a word, such as 'driver'; a rare word that many share comes first. Each has
 * three commits or more, and two steps or more that most of its commits took. Last comes the habit: what most additions take with them besides
 * source, such as a changelog, a test, a page. Pure and deterministic; some tenths of a second for hundreds of additions.
 */
export function mineRecipes(additions: readonly PastAddition[], paths: ReadonlySet<RepoPath>): Recipe[] {
  const all = pastOf([...additions].sort(newestFirst))
  const past = all.filter(({ files }) => files.length >= FEWEST_FILES)
  if (past.length < FEWEST_COMMITS) return []
  const found = [...byKind(past), ...byWord(past)].map((one) => ({ ...one, steps: stepsOf(one.members, paths) }))
  const useful = found.filter(({ steps }) => steps.length >= FEWEST_STEPS && steps.some(isPlain))
  const habit = all.length < FEWEST_OF_HABIT ? [] : stepsOf(all, paths).filter(isForgotten)
  const isOfHabit = ({ place }: RecipeStep) => habit.some((step) => step.place === place)
  const told = borneOut(useful, all)
    .filter(({ recipe }) => !recipe.steps.every(isOfHabit))
    .map(({ recipe, meaning }) => {
      const steps = recipe.steps.map((step) => recount(step, recipe.steps, meaning, paths))
      return recipeOf({ ...recipe, steps }, meaning)
    })
  return [
    ...told,
    ...(habit.length > 0 ? [recipeOf({ by: 'habit', word: null, steps: habit, members: all }, all)] : []),
  ]
}

type Group = Pick<Found, 'by' | 'word' | 'members'>

function byKind(past: readonly Past[]): Group[] {
  const kinds = [...groupBy(past, ({ kind }) => kind)].filter(([, members]) => members.length >= FEWEST_COMMITS)
  return kinds.flatMap(([word, members]) => (word === null ? [] : [{ by: 'kind' as const, word, members }]))
}

function byWord(past: readonly Past[]): Group[] {
  const saying = new Map<string, Past[]>()
  for (const one of past)
    for (const term of one.terms) {
      const members = saying.get(term)
      if (members) members.push(one)
      else saying.set(term, [one])
    }
  const sure = ({ members: { length } }: Group) => Math.log(past.length / length) * Math.log(length)
  return [...saying]
    .filter(
      ([word, { length }]) => !asksInTitle(word) && length >= FEWEST_COMMITS && length <= MOST_SAYING * past.length,
    )
    .map(([word, members]) => ({ by: 'word' as const, word, members }))
    .sort((a, b) => sure(b) - sure(a) || b.word.length - a.word.length || (a.word < b.word ? -1 : 1))
}

/**
 * Recipes with the additions whose titles mean them, newest first, whether or not they were mined from these, and with the steps that half of these
 * took. A recipe of a word that titles of many kinds say falls out.
 */
function borneOut(recipes: readonly Found[], past: readonly Past[]) {
  const meaning = groupBy(past, (one) => matchRecipe(recipes, one))
  return recipes.flatMap((recipe) => {
    const own = meaning.get(recipe) ?? []
    const steps = recipe.steps.filter((step) => isTaken(step, recipe.steps, own))
    return own.length >= FEWEST_COMMITS && steps.some(isPlain) ? [{ recipe: { ...recipe, steps }, meaning: own }] : []
  })
}

function recipeOf({ by, word, steps, members }: Found, commits: readonly Past[]): Recipe {
  return {
    ...{ name: nameOf(by, word, members), by, word, steps },
    commits: commits.map(({ commit, title, time }) => ({ hash: commit, subject: title, time })),
    sources: members.flatMap(({ modified }) => modified).filter(isSource).length / members.length,
  }
}

/** Its word, as most of the titles spell it: 'new command', 'RuleTester'. */
function nameOf(by: Recipe['by'], word: string | null, members: readonly Past[]): string {
  if (word === null) return 'any addition'
  const spelled = members.flatMap(({ title }) =>
    (title.match(/[\p{L}\p{N}_$]+/gu) ?? []).filter(
      (one) => termsOf(one).at(-1) === word || partTerms(one).at(-1) === word,
    ),
  )
  const [most] = [...countEach(spelled)].sort((a, b) => b[1] - a[1])[0] ?? [word]
  return by === 'kind' ? `new ${most}` : most
}

/** True if it names a file, or what is to be made: 'one of docs/*.md' says nothing by itself. */
function isPlain(step: RecipeStep): boolean {
  return !step.isPattern || step.isNew
}

/** What one does not think of: the source that most additions change is found without being told. */
function isForgotten(step: RecipeStep): boolean {
  return step.kind !== 'source' && isPlain(step)
}

function newestFirst(a: PastAddition, b: PastAddition): number {
  return b.time - a.time || (a.commit < b.commit ? -1 : 1)
}
