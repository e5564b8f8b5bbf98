import type { Recipe, RecipeStep } from '../recipe.ts'
import type { RepoPath } from '../types.ts'

/** What this clone knows of a past commit: its paths then, and what they are called now. */
export interface KnownCommit {
  readonly subject: string
  readonly paths: ReadonlySet<RepoPath>
  /** Patterns that match one of the paths: see patternsOf. */
  readonly patterns: ReadonlySet<string>
}

const FEWEST = 2 // commits of a recipe that have to be known
const HALF = 0.5
const DOUBT = 1 // Laplace smoothing, as when recipes are mined

/**
 * The gate of a recipe that was mined elsewhere: what of it this clone's own history shows. Steps that fewer than half of the known commits
 * took are left out, and so are steps whose file is not there. null: too little of it is known or true.
 */
export function confirmRecipe(
  recipe: Recipe,
  known: ReadonlyMap<string, KnownCommit>,
  exists: (path: RepoPath) => boolean,
): Recipe | null {
  const named = [...new Map(recipe.commits.map((one) => [one.hash, one])).values()] // each counts once
  const commits = named.filter(({ hash, subject }) => isSameSubject(known.get(hash)?.subject, subject))
  if (commits.length < FEWEST || commits.length < named.length * HALF) return null
  const steps = recipe.steps.flatMap((step) => {
    if (!step.isPattern && !exists(step.place)) return []
    const held = commits.filter(({ hash }) => isIn(known.get(hash)!, step)).length
    if (held / (commits.length + DOUBT) < HALF) return []
    const model = step.model !== null && exists(step.model) ? step.model : null
    return [{ ...step, model, held: Math.min(step.held, held), created: Math.min(step.created, held) }]
  })
  return steps.length === 0 ? null : { ...recipe, commits, steps }
}

/** A recipe's subject is cut short of its number and trailers. */
function isSameSubject(own: string | undefined, confirmed: string): boolean {
  if (own === undefined) return false
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const all = new Set(words(own))
  return words(confirmed).every((word) => all.has(word))
}

function isIn({ paths, patterns }: KnownCommit, { place, isPattern }: RecipeStep): boolean {
  return paths.has(place) || (isPattern && patterns.has(place))
}
