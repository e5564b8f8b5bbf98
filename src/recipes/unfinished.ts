import { folderStart } from '../paths.ts'
import type { Recipe, RecipeStep } from '../recipe.ts'
import type { RepoPath } from '../types.ts'
import { isWrittenByTool, patternsOf } from './places.ts'

/** A step of a recipe that a change begins and does not take. */
export interface LeftStep {
  readonly recipe: Recipe
  readonly step: RecipeStep
  /** The created file that begins the recipe; null: the request means it, and no file does yet. */
  readonly begun: RepoPath | null
}

const OFTEN = 0.75 // share of the recipe's commits that took a step
const TIMES = 3
const LATELY = { of: 3, least: 2 } // the newest commits of the recipe: a step that they leave out belongs to the past

/**
 * The steps that a change leaves out of the recipe that it begins: it creates a file as most commits of the recipe did.
 * If it begins several, the one counts that it has most steps of. changed: all files of the change, created ones too.
 * pathsOf: the files of past commits, of those that are known. meant: the recipe that the request of the change means; it
 * counts whether or not a file begins it. Pure.
 */
export function unfinished(
  recipes: readonly Recipe[],
  { created, changed }: { readonly created: readonly RepoPath[]; readonly changed: readonly RepoPath[] },
  pathsOf: (hashes: readonly string[]) => readonly (readonly RepoPath[])[],
  meant: Recipe | null = null,
): LeftStep[] {
  const made = created.filter((path) => !isWrittenByTool(path)).map((path) => ({ path, patterns: patternsOf(path) }))
  const all = changed.map((path) => ({ path, patterns: patternsOf(path) }))
  const took = ({ place, isPattern, isNew }: RecipeStep) =>
    (isPattern && isNew ? made : all).some(({ path, patterns }) =>
      isPattern ? patterns.includes(place) : path === place,
    )
  const standing = (recipe: Recipe) => {
    const first = recipe.steps.find((step) => step.isNew && step.kind === 'source' && took(step))
    const begun = made.find(({ patterns }) => first && patterns.includes(first.place))
    const usual = recipe.steps.filter(({ held }) => held >= TIMES && held >= OFTEN * recipe.commits.length)
    const isBegun = begun !== undefined && first !== undefined && usual.includes(first)
    return { recipe, begun: isBegun ? begun.path : null, usual, done: usual.filter(took).length }
  }
  const ofKind = recipes
    .filter(({ by }) => by !== 'habit')
    .map(standing)
    .filter(({ begun }) => begun !== null)
    .sort((a, b) => b.done / b.usual.length - a.done / a.usual.length || b.done - a.done)
  const asked = meant ? [standing(meant)] : []
  const [best] = meant?.by === 'habit' ? [...ofKind, ...asked] : [...asked, ...ofKind]
  if (!best) return []
  const { recipe, begun, usual } = best
  const lately = pathsOf(recipe.commits.slice(0, LATELY.of).map(({ hash }) => hash))
  const isUsed = ({ place, isPattern }: RecipeStep) => {
    const isIn = (path: RepoPath) => (isPattern ? patternsOf(path).includes(place) : path === place)
    const least = Math.min(LATELY.least, lately.length)
    return lately.filter((paths) => paths.some(isIn)).length >= least
  }
  return usual
    .filter((step) => isUsed(step) && !took(step) && (!step.isPattern || step.isNew))
    .filter(({ place, isPattern }) => !isPattern || begun === null || !isOwnFolder(place, begun))
    .map((step) => ({ recipe, step, begun }))
}

/** A pattern of the folder where the file was created would name it again. */
function isOwnFolder(place: string, begun: RepoPath): boolean {
  return folderStart(place) === folderStart(begun)
}
