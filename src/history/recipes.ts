import { asksInTitle } from '../asking.ts'
import { countEach, groupBy } from '../groups.ts'
import { matchRecipe } from '../match-recipe.ts'
import { isSource } from '../paths.ts'
import type { Recipe, RecipeCommit, RecipeStep } from '../recipe.ts'
import type { RepoPath } from '../types.ts'
import { cluster } from './recipes-cluster.ts'
import { nameRecipes, plainName, type Unnamed } from './recipes-name.ts'
import { type Past, pastOf, rarities, vectorOf } from './recipes-past.ts'
import type { PastAddition } from './recipes-read.ts'
import { isTaken, recount, stepsOf, took } from './recipes-steps.ts'
import { sharedWordGroups } from './recipes-words.ts'

export interface MinedRecipes {
  readonly recipes: readonly Recipe[]
  /** How many others were found and are not told: such recipes would have told the newest additions wrongly. */
  readonly withheld: number
}

/** meaning: the additions for which it would have been told, newest first. */
type Meant = { readonly recipe: Unnamed; readonly meaning: readonly Past[] }

const HELD_OUT = 40 // additions
const FEWEST_TOLD = 4 // steps
const FEWEST_FILES = 2 // of an addition: one place is no recipe, and yet tells that others need no more
const MOST = 600 // additions, newest: the older tell of another architecture, and clustering is quadratic
const ALIKE = 0.2 // average cosine; 0.15 and 0.25 give recipes that name files as precisely, 0.3 gives a third fewer
const FEWEST_COMMITS = 3
const FEWEST_STEPS = 2
const OF_OLD = 0.25 // weight: six years before the newest
const FEWEST_OF_HABIT = 10 // commits: what six of anything have in common is chance

/**
 * The kinds of things that past additions did to the same kinds of places, those shown by most commits first.
 *
 * additions: any order. paths: the files that exist now; what is gone is no step. By kind: all that added another one of it. By places: clusters by the files changed, the
 * folder and name patterns of files changed or made, and the words of the subjects, each by its rarity. By word: all whose
 * subject says 'driver'. Each has three commits or more, and two steps or more that most of them hold, one where others were not borne out (what all additions take with them is no recipe of its own), commits of three
 * years ago counting half. Last, as a habit, what most additions take with them besides source: a changelog, a test, a page.
 * Additions of one file show no recipe, but are told it in borneOut, and count for the habit.
 * Pure and deterministic. O(n^2) in the additions, of which the newest 600 of two files or more are taken, twice for the gate: about a second.
 */
export function mineRecipes(additions: readonly PastAddition[], paths: ReadonlySet<RepoPath>): MinedRecipes {
  const all = pastOf([...additions].sort(newestFirst))
  const [later, earlier] = [all.slice(0, HELD_OUT), all.slice(HELD_OUT)]
  const before = mine(earlier, paths)
  const found = mine(all, paths)
  const habits = mayBeTold(before.filter(isHabit), later)
  const others = mayBeTold(
    before.filter((one) => !isHabit(one)),
    later,
  )
  const recipes = found.filter((one) => (isHabit(one) ? habits : others))
  return { recipes, withheld: found.length - recipes.length }
}

/** The gate: of what such recipes, mined without the newest additions, would have told of these, half was so; or they told too little to judge by. */
function mayBeTold(recipes: readonly Recipe[], later: readonly Past[]): boolean {
  let [told, taken] = [0, 0]
  for (const one of later) {
    const recipe = matchRecipe(recipes, one) ?? recipes.find(isHabit)
    const steps = recipe?.steps ?? []
    for (const step of steps.filter(isPlain)) {
      told++
      if (took(one, step, steps)) taken++
    }
  }
  return told < FEWEST_TOLD || 2 * taken >= told
}

function isHabit({ by }: Recipe): boolean {
  return by === 'habit'
}

function mine(all: readonly Past[], paths: ReadonlySet<RepoPath>): Recipe[] {
  const past = all.filter(({ files }) => files.length >= FEWEST_FILES).slice(0, MOST)
  if (past.length < FEWEST_COMMITS) return []
  const since = all.slice(0, all.indexOf(past.at(-1)!) + 1)
  const rarity = rarities(past)
  const recipe = (by: Recipe['by'], word: string | null, members: readonly Past[]): Unnamed => ({
    by,
    word,
    steps: stepsOf(members, rarity, paths),
    commits: members.map(toCommit),
    sources: sourcesOf(members) / members.length,
    terms: by === 'habit' ? [] : by === 'kind' ? [{ term: word!, weight: 1 }] : weighTerms(members, rarity),
  })
  const vectors = past.map((one) => vectorOf(one, rarity))
  const membersOf = (group: readonly number[]) => [...group].sort((a, b) => a - b).map((at) => past[at]!)
  const toRecipe = (group: readonly number[]) => ({ group, recipe: recipe('places', null, membersOf(group)) })
  const clusters = cluster(vectors, ALIKE).filter((group) => group.length >= FEWEST_COMMITS)
  const byPlaces = sameKinds(clusters.map(toRecipe), rarity)
    .map(toRecipe)
    .filter((one) => isUseful(one.recipe))
  const byWord = sharedWordGroups(
    past,
    byPlaces.map(({ group }) => group),
  ).map(({ word, group }) => recipe('word', word, membersOf(group)))
  const byKind = groupsByKind(past).map(([kind, group]) => recipe('kind', kind, membersOf(group)))
  const told = borneOut(
    [...byPlaces.map((one) => one.recipe), ...[...byKind, ...byWord].filter((one) => isUseful(one))].sort(
      (a, b) => b.commits.length - a.commits.length,
    ), // of equals by place first, the newer cluster first
    since,
  )
  const habits = (since.length < FEWEST_OF_HABIT ? [] : [recipe('habit', null, since)])
    .map((habit) => ({ ...habit, steps: habit.steps.filter(isForgotten) }))
    .filter(({ steps }) => steps.length > 0)
  const isOfHabit = ({ place }: RecipeStep) => habits.some(({ steps }) => steps.some((step) => step.place === place))
  const meant = told.filter(({ recipe }) => !recipe.steps.every(isOfHabit))
  const named = nameRecipes([...meant.map((one) => one.recipe), ...habits], rarity)
  return named.map((one, at) => (at < meant.length ? recounted(one, meant[at]!.meaning, paths) : one))
}

/**
 * With the figures and the models of all additions whose titles mean it, of the last years: those that it was mined from agree more than the next one
 * will, and what was usual long ago hardly counts for its steps.
 */
function recounted(recipe: Recipe, meaning: readonly Past[], paths: ReadonlySet<RepoPath>): Recipe {
  const late = meaning.filter(({ weight }) => weight >= OF_OLD)
  const shown = late.length < FEWEST_COMMITS ? meaning : late
  return {
    ...recipe,
    commits: shown.map(toCommit),
    steps: recipe.steps.map((step) => recount(step, recipe.steps, shown, paths)),
  }
}

function toCommit({ commit, title, time }: Past): RecipeCommit {
  return { hash: commit, subject: title, time }
}

/** Positions of additions that each added another one of the same kind. */
function groupsByKind(past: readonly Past[]): [kind: string | null, group: number[]][] {
  const groups = groupBy(past.keys(), (at) => past[at]!.kind)
  return [...groups].filter(([kind, group]) => kind !== null && group.length >= FEWEST_COMMITS)
}

/** Clusters that are called the same and change the same places, as one each. */
function sameKinds(
  clusters: readonly { readonly group: readonly number[]; readonly recipe: Unnamed }[],
  rarity: ReadonlyMap<string, number>,
): (readonly number[])[] {
  const kinds = groupBy(
    clusters.filter(({ recipe }) => recipe.steps.length > 0),
    ({ recipe }) => JSON.stringify([plainName(recipe, rarity), ...recipe.steps.map(({ place }) => place).sort()]),
  )
  return [...kinds.values()].map((same) => same.flatMap(({ group }) => group))
}

/**
 * The steps that half of the additions took for which their recipe would have been told, whether or not it was mined from them: of a word
 * that titles of many kinds say nothing is left. Again until no recipe falls out, since a title may then mean another. (Without this
 * half of the files that recipes named were changed, and two thirds with it: docs/results.md#recipes.)
 */
function borneOut(recipes: readonly Unnamed[], past: readonly Past[]): Meant[] {
  const told = new Map(recipes.map((recipe) => [recipe, [] as Past[]]))
  for (const one of past) {
    const meant = matchRecipe(recipes, one)
    if (meant) told.get(meant)!.push(one)
  }
  const kept = recipes.flatMap((recipe) => {
    const meaning = told.get(recipe)!
    const steps = recipe.steps.filter((step) => isTaken(step, recipe.steps, meaning))
    const less = steps.length < recipe.steps.length ? { ...recipe, steps } : recipe
    const isShown = meaning.length >= FEWEST_COMMITS && isUseful(less, 1) // one step that was taken time and again is worth telling
    return isShown ? [{ recipe: less, meaning }] : []
  })
  if (kept.length === recipes.length) return kept
  return borneOut(
    kept.map(({ recipe }) => recipe),
    past,
  )
}

/** A recipe that names no file and nothing to make anew ("one of docs/*.md") is none, nor is one that its own subjects do not mean. */
function isUseful(recipe: Unnamed, fewest = FEWEST_STEPS): boolean {
  const { by, steps, commits } = recipe
  return (
    steps.length >= fewest &&
    steps.some(isPlain) &&
    (by === 'kind' || commits.some(({ subject }) => matchRecipe([recipe], { title: subject, kind: null }) !== null))
  )
}

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

function sourcesOf(members: readonly Past[]): number {
  return members.flatMap(({ files }) => files).filter(({ path, isNew }) => !isNew && isSource(path)).length
}

/** Share of the subjects that hold a term, times its rarity, times log(commits): what many commits show is surer. */
function weighTerms(members: readonly Past[], rarity: ReadonlyMap<string, number>): Recipe['terms'] {
  const weigh = (term: string, count: number) =>
    (count / members.length) * rarity.get(`:${term}`)! * Math.log(members.length)
  return [...countEach(members.flatMap(({ terms }) => terms))]
    .filter(([term, count]) => count > 1 && !asksInTitle(term))
    .map(([term, count]) => ({ term, weight: weigh(term, count) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1))
}
