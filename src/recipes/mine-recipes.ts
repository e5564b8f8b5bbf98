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

/** A group of past additions, and the steps that most of them took. members: newest first. */
interface Found extends Pick<Recipe, 'by' | 'word' | 'steps'> {
  readonly members: readonly Past[]
}

const FEWEST_FILES = 2 // of an addition that can show a recipe; one of a single file only shows which steps were not taken
const FEWEST_COMMITS = 3
const MOST_SAYING = 0.5 // of all additions; a more frequent word identifies no recipe
const FEWEST_STEPS = 2
const FEWEST_OF_HABIT = 10 // commits: what six have in common is chance

/**
 * The recipes of a repository, in the order in which a title is compared with them.
 *
 * First come recipes by kind, from additions that each added another one of a kind. Then come recipes by word, from
 * additions whose titles share a word, such as 'driver'; a rare word that many titles share comes first. Each recipe
 * has at least three commits, and at least two steps that most of them took. Last comes the habit: what most additions
 * of any kind change besides source, such as a changelog, a test, a page.
 *
 * additions: any order. paths: the files that exist now; a file that is gone is no step. Pure and deterministic; some
 * tenths of a second for hundreds of additions.
 */
export function mineRecipes(additions: readonly PastAddition[], paths: ReadonlySet<RepoPath>): Recipe[] {
  const all = pastOf([...additions].sort(newestFirst))
  const past = all.filter(({ files }) => files.length >= FEWEST_FILES)
  if (past.length < FEWEST_COMMITS) return []
  const found = [...byKind(past), ...byWord(past)].map((one) => ({ ...one, steps: stepsOf(one.members, paths) }))
  const useful = found.filter(({ steps }) => steps.length >= FEWEST_STEPS && steps.some(isPlain))
  const habit = all.length < FEWEST_OF_HABIT ? [] : stepsOf(all, paths).filter(isForgotten)
  const isOfHabit = ({ place }: RecipeStep) => habit.some((step) => step.place === place)
  const confirmed = borneOut(useful, all)
    .filter(({ recipe }) => !recipe.steps.every(isOfHabit))
    .map(({ recipe, meaning }) => {
      const steps = recipe.steps.map((step) => recount(step, recipe.steps, meaning, paths))
      return recipeOf({ ...recipe, steps }, meaning)
    })
  return [
    ...confirmed,
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
 * Checks recipes against all additions whose titles mean them, newest first, whether or not they were mined from these.
 * A step stays if half of these additions took it. A recipe is dropped if its word occurs in titles of many kinds.
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

/** The word of a recipe in its most frequent spelling: 'new command', 'RuleTester'. */
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

/** True if the step names a file, or a file to create: a pattern such as 'one of docs/*.md' says nothing by itself. */
function isPlain(step: RecipeStep): boolean {
  return !step.isPattern || step.isNew
}

/** True for a step that is easily forgotten. Source that most additions change is found without a recipe. */
function isForgotten(step: RecipeStep): boolean {
  return step.kind !== 'source' && isPlain(step)
}

function newestFirst(a: PastAddition, b: PastAddition): number {
  return b.time - a.time || (a.commit < b.commit ? -1 : 1)
}
