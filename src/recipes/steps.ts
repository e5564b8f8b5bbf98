import type { RecipeStep } from '../recipe.ts'
import type { RepoPath } from '../types.ts'
import type { Past, PastFile } from './past-additions.ts'
import { placeKind } from './places.ts'

const USUAL = 0.6 // share; with .5 and no pseudo-count twice as many requests have a recipe, but 45 in 100 of the files named change instead of 76
const DOUBT = 1 // Laplace smoothing: one commit without the step is added, since two of three commits are a poor proof
const HALF = 0.5
const FEWEST = 2 // commits
const MOST_STEPS = 10
const WIDE = 2 // '*' in a pattern: 'src/*/*.ts' is no place, but shows where a new file goes
const WIDER = 0.15 // share that a pattern needs in addition for each '*' more than a narrower one

/**
 * The places that most of the commits changed or created: exact files, then patterns for the remaining files. The most
 * frequent first, ten at most. members: newest first, old ones with less weight. paths: the files that exist.
 */
export function stepsOf(members: readonly Past[], paths: ReadonlySet<RepoPath>): RecipeStep[] {
  const steps = heldOf(members, ({ path }) => (paths.has(path) ? [path] : [])).map((held) => ({
    ...{ ...held, kind: placeKind(held.place), isPattern: false, isNew: false, model: null },
  })) as RecipeStep[]
  const taken = new Set(steps.map(({ place }) => place))
  for (;;) {
    const left = members.flatMap(({ files }) => files).filter(({ path }) => !taken.has(path))
    const [best] = heldOf(members, ({ path, patterns }) => (taken.has(path) ? [] : patterns))
      .filter((held) => isMadeAnew(held) || stars(held.place) < WIDE)
      .sort(byWorth)
      .flatMap((held) => patternStep(held, left, paths) ?? [])
    if (!best) break
    steps.push(best)
    for (const { path, patterns } of left) if (patterns.includes(best.place)) taken.add(path)
  }
  return steps.sort((a, b) => b.share - a.share || (a.place < b.place ? -1 : 1)).slice(0, MOST_STEPS)
}

/** True if half of the commits took this step of the recipe. Old commits weigh less, and one without the step is added. */
export function isTaken(step: RecipeStep, steps: readonly RecipeStep[], commits: readonly Past[]): boolean {
  const weigh = (some: readonly Past[]) => some.reduce((sum, { weight }) => sum + weight, 0)
  return weigh(commits.filter((one) => took(one, step, steps))) / (weigh(commits) + DOUBT) >= HALF
}

/** True if an addition took this step of the recipe. */
export function took(one: Past, step: RecipeStep, steps: readonly RecipeStep[]): boolean {
  return filesBy(one, step, steps).length > 0
}

/**
 * The step with its counts in these additions, newest first: how many took it, and how many created the file. The
 * newest such file is the model of a pattern.
 */
export function recount(
  step: RecipeStep,
  steps: readonly RecipeStep[],
  commits: readonly Past[],
  paths: ReadonlySet<RepoPath>,
): RecipeStep {
  const taken = commits.map((one) => filesBy(one, step, steps)).filter((files) => files.length > 0)
  return {
    ...step,
    held: taken.length,
    created: taken.filter((files) => files.some(({ isNew }) => isNew)).length,
    model: step.isPattern ? (modelOf(taken.flat(), step.isNew, paths) ?? step.model) : null,
  }
}

/**
 * The files of an addition that count for a step. A file counts for one step: for an exact file before a pattern, and
 * for the better of two patterns.
 */
function filesBy({ files }: Past, step: RecipeStep, steps: readonly RecipeStep[]): PastFile[] {
  const before = steps.filter((other) => (Number(other.isPattern) - Number(step.isPattern) || byWorth(other, step)) < 0)
  return files.filter(
    (file) => shows(file, step) && (file.isNew || !step.isNew) && !before.some((one) => shows(file, one)),
  )
}

function shows({ path, patterns }: PastFile, { place, isPattern }: RecipeStep): boolean {
  return isPattern ? patterns.includes(place) : path === place
}

type Held = Pick<RecipeStep, 'place' | 'held' | 'created' | 'share'>

/** The places that the commits usually changed or created. */
function heldOf(members: readonly Past[], placesOf: (file: PastFile) => readonly string[]): Held[] {
  const total = members.reduce((sum, { weight }) => sum + weight, DOUBT)
  const counts = new Map<string, { held: number; created: number; weight: number }>()
  for (const { files, weight } of members) {
    const places = new Map<string, boolean>()
    for (const file of files) for (const place of placesOf(file)) places.set(place, places.get(place) || file.isNew)
    for (const [place, isNew] of places) {
      const { held, created, weight: before } = counts.get(place) ?? { held: 0, created: 0, weight: 0 }
      counts.set(place, { held: held + 1, created: created + (isNew ? 1 : 0), weight: before + weight })
    }
  }
  return [...counts]
    .map(([place, { held, created, weight }]) => ({ place, held, created, share: weight / total }))
    .filter(({ share, held }) => share >= USUAL && held >= FEWEST)
}

/**
 * files: those that no other step covers. Changelog fragments are deleted at each release, so their pattern needs no
 * model while their folder exists.
 */
function patternStep(held: Held, files: readonly PastFile[], paths: ReadonlySet<RepoPath>): RecipeStep | null {
  const { place } = held
  const isNew = isMadeAnew(held)
  const shown = files.filter(({ patterns }) => patterns.includes(place))
  const model = modelOf(shown, isNew, paths)
  const kind = placeKind(model ?? place)
  const folder = place.slice(0, place.indexOf('*'))
  const isFragment = kind === 'changelog' && [...paths].some((path) => path.startsWith(folder))
  return model !== null || isFragment ? { ...held, kind, isPattern: true, isNew, model } : null
}

/** True if at least half of the commits created such a file: the next one is to create another. */
function isMadeAnew({ held, created, share }: Held): boolean {
  return (share * created) / held >= HALF
}

/** The first existing file that was created (isMade) or changed (not isMade); otherwise the first existing file; null: all are gone. */
function modelOf(files: readonly PastFile[], isMade: boolean, paths: ReadonlySet<RepoPath>): RepoPath | null {
  const left = files.filter(({ path }) => paths.has(path))
  return (left.find(({ isNew }) => isNew === isMade) ?? left[0])?.path ?? null
}

type Worth = Pick<RecipeStep, 'place' | 'share'>

/** The best first: a wider pattern covers more and says less. */
function byWorth(a: Worth, b: Worth): number {
  const worth = ({ place, share }: Worth) => share - WIDER * stars(place)
  return worth(b) - worth(a) || (a.place < b.place ? -1 : 1)
}

function stars(place: string): number {
  return place.split('*').length - 1
}
