import { setImmediate } from 'node:timers/promises'
import { MINED_EVERY, mineFeatures, NOT_HERE, type PastFeature, requestOf } from '../../src/history/mine-features.ts'
import { isSource } from '../../src/paths.ts'
import { BRING_CONTENTS } from '../../src/repo/missing-contents.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { ALTERNATIVES, type Alternative, CHOSEN_AMONG, SHIPPED } from '../../src/retrieve/alternatives.ts'
import { learnedRanking, sizesOfPlaces } from '../../src/retrieve/find-files.ts'
import { assignRoles } from '../../src/retrieve/name-files.ts'
import { askOf, gatherSignals, rankSignals } from '../../src/retrieve/rank-files.ts'
import { recipeFor } from '../../src/retrieve/recipe-for.ts'
import type { SignalName } from '../../src/retrieve/score.ts'
import type { Hits } from '../../src/retrieve/signal.ts'
import { asUsual, withUnranked } from '../../src/retrieve/usual.ts'
import type { FileSize } from '../../src/store/facts.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { RecipeRow } from '../../src/store/recipes.ts'
import type { RepoPath } from '../../src/types.ts'
import { type PastOptions, withPastFacts } from './past-facts.ts'
import type { RefreshOptions } from './refresh-facts.ts'

const FEWEST = 16 // features: below that a half of them says nothing
const MOST = 40
const WORTH = 0.01 // an alternative must gain on the first half: smaller gains are chance

const FEWEST_MEANING = 5 // features that mean a recipe: fewer say nothing of recipes

type LearnOptions = RefreshOptions & Pick<PastOptions, 'onDamage'>

/** A past feature as the ranking saw it, and the files that it changed. */
export interface Replayed {
  readonly signals: Record<SignalName, Hits>
  /** Mined from what came before it; null: it means none. */
  readonly recipe: RecipeRow | null
  /** Of the files that it changes, those that could be changed. */
  readonly sizes: ReadonlyMap<RepoPath, FileSize>
  readonly changed: readonly RepoPath[]
}

export interface Choice {
  readonly best: Alternative
  /** Scores on the second half. */
  readonly shipped: number
  readonly chosen: number
  readonly adopted: boolean
  readonly byRecipes: RecipesGate
}

export interface RecipesGate {
  /** Features that mean a recipe. */
  readonly features: number
  /** Their scores, as shipped. */
  readonly without: number
  readonly with: number
  readonly adopted: boolean
}

export interface LearnReport {
  readonly features: number
  /** As outcomeOf, or why nothing was learned. */
  readonly outcome: string
  readonly adopted: boolean
}

/**
 * Replays this repository's own past features, oldest first, each from the facts before it: the first half chooses between a few
 * alternatives to the shipped ranking, the second half is the gate. What is chosen is adopted only if it is not worse there. Whether recipes tell
 * the ranking is judged by all of them.
 *
 * Without a model. null: nothing new to learn from since the last time in this working tree. Ends early, having learned nothing, when the signal is aborted:
 * then it throws the signal's reason.
 */
export async function learnRanking(
  repo: Repo,
  store: Store,
  options: LearnOptions & { readonly clock?: () => number },
): Promise<LearnReport | null> {
  const { signal, clock = Date.now } = options
  const found = await featuresToLearnFrom(repo, store, signal)
  if (!found) return null
  const { features } = found
  const tooFew = whyNotLearned(found)
  if (tooFew !== null) return { features: features.length, adopted: false, outcome: tooFew }
  const replayed = await replay(repo, store, features.toReversed(), options)
  const choice = chooseRanking(replayed)
  const { best, shipped, chosen, adopted } = choice
  store.learning.saveRanking(store.facts.worktree(repo.root).id, {
    at: clock(),
    newest: features[0]!.commit,
    features: replayed.length,
    choice: best.name,
    among: CHOSEN_AMONG,
    shipped,
    chosen,
    adopted,
    byRecipes: choice.byRecipes.adopted,
  })
  return { features: replayed.length, adopted, outcome: outcomeOf(choice) + leftOut(found) }
}

/** What was chosen and what the gates said, in words, for the receipt. */
export function outcomeOf({ best, shipped, chosen, adopted, byRecipes }: Choice): string {
  const told =
    best === SHIPPED
      ? 'the shipped ranking was best on the older features'
      : `"${best.name}" was best on the older features and is ${adopted ? '' : 'not '}adopted: on the newer ones F1 of the named files plus half of the recall among the first ten is ${chosen.toFixed(3)}, and ${shipped.toFixed(3)} as shipped`
  if (byRecipes.features < FEWEST_MEANING) return told
  const scores = `${byRecipes.with.toFixed(3)} with, ${byRecipes.without.toFixed(3)} without, on the ${byRecipes.features} that mean one`
  return `${told}; recipes ${byRecipes.adopted ? '' : 'do not '}tell the ranking: ${scores}`
}

export interface ToLearnFrom {
  /** Newest first. */
  readonly features: readonly PastFeature[]
  /** How many others there are whose contents are not in this clone (a partial one). */
  readonly lacking: number
}

/** The newest past features; null: there are none, or the working tree has learned from the newest one, and from as many. A git process or two, see mineFeatures. */
export async function featuresToLearnFrom(
  { root, head }: Repo,
  store: Store,
  signal?: AbortSignal,
): Promise<ToLearnFrom | null> {
  const { features, dropped } = await mineFeatures(root, head, { limit: MOST, signal })
  const lacking = dropped.find(({ reason }) => reason === NOT_HERE)?.count ?? 0
  const newest = features[0]?.commit
  const known = learnedRanking(store, store.facts.worktree(root).id)
  const isKnown = newest === undefined ? lacking === 0 : newest === known?.newest && features.length <= known.features
  return isKnown ? null : { features, lacking }
}

/** Why nothing can be learned from these features; null: it can. */
export function whyNotLearned(found: ToLearnFrom): string | null {
  const { length } = found.features
  const few = length === 0 ? 'no past feature' : `only ${length} past feature${length === 1 ? '' : 's'}`
  return length < FEWEST ? `${few} to learn from${leftOut(found)}` : null
}

/** What is to be said of what is left out: '' when nothing is. */
export function leftOut({ lacking }: Pick<ToLearnFrom, 'lacking'>): string {
  return lacking === 0 ? '' : `; ${lacking} left out whose contents are not in this clone (${BRING_CONTENTS})`
}

/**
 * Whether recipes tell the ranking: the features that mean one, unless there are hardly any, must not be worse with recipes that were mined from what came before. Then the
 * alternative that is best on the first half of the features, and whether the second half lets it through: it must not be worse
 * there than the shipped ranking. replayed: oldest first, two at least. Pure.
 */
export function chooseRanking(features: readonly Replayed[]): Choice {
  const byRecipes = judgeRecipes(features)
  const replayed = byRecipes.adopted ? features : features.map(withoutRecipe)
  const half = Math.floor(replayed.length / 2)
  const [first, second] = [replayed.slice(0, half), replayed.slice(half)]
  let best = SHIPPED
  let bestScore = scoreOf(SHIPPED, first) + WORTH
  for (const other of ALTERNATIVES) {
    const score = scoreOf(other, first)
    if (score <= bestScore) continue
    best = other
    bestScore = score
  }
  const [shipped, chosen] = [scoreOf(SHIPPED, second), scoreOf(best, second)]
  return { best, shipped, chosen, adopted: best !== SHIPPED && chosen >= shipped, byRecipes }
}

function judgeRecipes(features: readonly Replayed[]): RecipesGate {
  const meaning = features.filter(({ recipe }) => recipe !== null && recipe.by !== 'habit')
  if (meaning.length < FEWEST_MEANING) return { features: meaning.length, without: 0, with: 0, adopted: true }
  const [without, own] = [scoreOf(SHIPPED, meaning.map(withoutRecipe)), scoreOf(SHIPPED, meaning)]
  return { features: meaning.length, without, with: own, adopted: own >= without }
}

function withoutRecipe(feature: Replayed): Replayed {
  return { ...feature, recipe: null }
}

async function replay(
  repo: Repo,
  store: Store,
  features: readonly PastFeature[],
  options: LearnOptions,
): Promise<Replayed[]> {
  return withPastFacts(repo.root, store.db.path, options, async (past) => {
    await past.prepare(features.map(({ base }) => base))
    const replayed: Replayed[] = []
    for (const [i, feature] of features.entries()) {
      const { base, modified } = feature
      if (i % MINED_EVERY === 0) await past.mine(base)
      const worktree = await past.at(base)
      await setImmediate() // an abort is heard
      options.signal?.throwIfAborted()
      const request = requestOf(feature)
      const signals = gatherSignals(askOf(past.store, worktree, request))
      const recipe = recipeFor(past.store, worktree, request)
      replayed.push({ signals, recipe, sizes: sizesOfPlaces(past.store, worktree, recipe), changed: modified })
    }
    return replayed
  })
}

/**
 * Mean of F1 of the named files, tests and documents among them, plus half of the recall of source files among the first ten of these: from 0 to 1.5.
 */
function scoreOf({ weights, shift }: Alternative, replayed: readonly Replayed[]): number {
  const scores = replayed.map(({ signals, recipe, sizes, changed }) => {
    const isChanged = ({ path }: { readonly path: RepoPath }) => changed.includes(path)
    const ranked = withUnranked(rankSignals(signals, weights), recipe, sizes)
    const files = assignRoles(asUsual(ranked, recipe, shift), shift)
    const named = files.filter(({ role }) => role !== 'maybe')
    const f1 = (2 * named.filter(isChanged).length) / Math.max(1, named.length + changed.length)
    const first = files.filter(({ path }) => isSource(path)).slice(0, 10)
    return f1 + first.filter(isChanged).length / changed.filter(isSource).length / 2
  })
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}
