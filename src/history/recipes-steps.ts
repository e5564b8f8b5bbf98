import type { RecipeStep } from '../recipe.ts'
import type { RepoPath } from '../types.ts'
import type { Past, PastFile } from './recipes-past.ts'
import { patternsOf, placeKind } from './recipes-places.ts'

const USUAL = 0.6 // share; with 0.5 and no doubt twice as many requests have a recipe, and of the files named 45 in 100 are changed instead of 76
const DOUBT = 1 // a commit that held nothing, added to each recipe: two of three commits are a poor proof
const HALF = 0.5
const FEWEST = 2 // commits
const MOST_STEPS = 10
const LIFT = 1.5 // times
const WIDE = 2 // stars: 'src/*/*.ts' is no place
const WIDER = 0.15 // share that a pattern must have more for each '*' of which a narrower one has none

/**
 * The places that most of the commits changed or made: exact files, then patterns for what those leave over.
 *
 * members: newest first, old ones with less weight. rarity: as rarities() tells it, to know a habit of these from one of all. paths: the
 * files that exist. The most frequent first, ten at most. O(steps x files x patterns + steps x paths).
 */
export function stepsOf(
  members: readonly Past[],
  rarity: ReadonlyMap<string, number>,
  paths: ReadonlySet<RepoPath>,
): RecipeStep[] {
  const exact = heldOf(members, ({ path }) => (paths.has(path) ? [path] : []))
  const steps = exact.map(fileStep)
  const taken = new Set(steps.map(({ place }) => place))
  for (;;) {
    const open = heldOf(members, ({ path, patterns }) => (taken.has(path) ? [] : patterns))
    const [best] = open
      .filter((held) => saysMuch(held, rarity))
      .sort((a, b) => worth(b) - worth(a) || (a.place < b.place ? -1 : 1))
      .flatMap((held) => patternStep(held, modelOf(held.place, members, paths, taken), paths) ?? [])
    if (!best) break
    steps.push(isOnly(best, paths) ? fileStep({ ...best, place: best.model! }) : best)
    for (const { files } of members)
      for (const { path, patterns } of files) if (patterns.includes(best.place)) taken.add(path)
  }
  return steps.sort((a, b) => b.share - a.share || (a.place < b.place ? -1 : 1)).slice(0, MOST_STEPS)
}

/** True if half of the commits took this step, old ones counting less, and one more that did not. */
export function isTaken(step: RecipeStep, commits: readonly Past[]): boolean {
  const weigh = (some: readonly Past[]) => some.reduce((sum, { weight }) => sum + weight, 0)
  return weigh(commits.filter((one) => took(one, step))) / (weigh(commits) + DOUBT) >= HALF
}

/** True if an addition took a step. */
export function took({ files }: Past, { place, isPattern, isNew }: RecipeStep): boolean {
  return files.some(({ path, patterns, isNew: made }) =>
    isPattern ? patterns.includes(place) && (made || !isNew) : path === place,
  )
}

/** How many of these additions took a step, and how many of them made the file. */
export function countTaken(step: RecipeStep, commits: readonly Past[]): Pick<RecipeStep, 'held' | 'created'> {
  const taken = commits.filter((one) => took(one, step))
  const made = taken.filter(({ files, ...one }) => took({ ...one, files: files.filter(({ isNew }) => isNew) }, step))
  return { held: taken.length, created: made.length }
}

interface Held {
  readonly place: string
  readonly held: number
  readonly created: number
  readonly share: number
}

/** The places that the commits usually hold. */
function heldOf(members: readonly Past[], placesOf: (file: PastFile) => readonly string[]): Held[] {
  const total = members.reduce((sum, { weight }) => sum + weight, DOUBT)
  const counts = new Map<string, { held: number; created: number; weight: number }>()
  for (const { files, weight } of members) {
    const places = new Map<string, boolean>()
    for (const file of files) for (const place of placesOf(file)) places.set(place, places.get(place) || file.isNew)
    for (const [place, isNew] of places) {
      const count = counts.get(place) ?? { held: 0, created: 0, weight: 0 }
      counts.set(place, {
        held: count.held + 1,
        created: count.created + (isNew ? 1 : 0),
        weight: count.weight + weight,
      })
    }
  }
  return [...counts]
    .map(([place, { held, created, weight }]) => ({ place, held, created, share: weight / total }))
    .filter(({ share, held }) => share >= USUAL && held >= FEWEST)
}

function fileStep({ place, held, created, share }: Held): RecipeStep {
  return { kind: placeKind(place), place, isPattern: false, isNew: false, model: null, held, created, share }
}

/** Fragments of a changelog are deleted at each release: their pattern needs no model as long as their folder is there. */
function patternStep(held: Held, model: RepoPath | null, paths: ReadonlySet<RepoPath>): RecipeStep | null {
  const kind = placeKind(model ?? held.place)
  const folder = /^[^*<]*\//.exec(held.place)?.[0]
  const isFragment = kind === 'changelog' && folder && [...paths].some((path) => path.startsWith(folder))
  return model !== null || isFragment ? { ...held, kind, isPattern: true, isNew: isMadeAnew(held), model } : null
}

/** Its model is the one file that shows it, and is changed, not made: the pattern came from another name of a folder. */
function isOnly(step: RecipeStep, paths: ReadonlySet<RepoPath>): boolean {
  if (step.isNew || step.model === null) return false
  const [start] = step.place.split(/[*<]/, 1)
  return ![...paths].some(
    (path) => path !== step.model && path.startsWith(start!) && patternsOf(path).includes(step.place),
  )
}

/** At least half of the commits made such a file: the next one is to make another. */
function isMadeAnew({ held, created, share }: Held): boolean {
  return (share * created) / held >= HALF
}

/** The newest file that shows the pattern and still exists; one that was made tells more than one that was changed. */
function modelOf(
  pattern: string,
  members: readonly Past[],
  paths: ReadonlySet<RepoPath>,
  taken: ReadonlySet<RepoPath>,
): RepoPath | null {
  const shown = members.flatMap(({ files }) =>
    files.filter(({ path, patterns }) => patterns.includes(pattern) && paths.has(path) && !taken.has(path)),
  )
  return (shown.find(({ isNew }) => isNew) ?? shown[0])?.path ?? null
}

/** A pattern says something when its files are made anew each time, or when these commits hold it far more often than others. */
function saysMuch(one: Held, rarity: ReadonlyMap<string, number>): boolean {
  const { place, share } = one
  if (isMadeAnew(one)) return true
  const ofAll = Math.exp(-rarity.get(`+${place}`)!)
  return stars(place) < WIDE && share / ofAll >= LIFT
}

/** A wider pattern holds more and says less. */
function worth({ place, share }: Held): number {
  return share - WIDER * stars(place)
}

function stars(place: string): number {
  return place.split('*').length - 1
}
