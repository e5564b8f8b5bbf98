import type { Recipe, RecipeStep } from '../recipe.ts'
import { termsOf } from '../request/words.ts'
import { shorten } from '../text/shorten.ts'
import { countTokens } from '../tokens/tokens.ts'

const LONGEST_SUBJECT = 60 // characters
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

/**
 * A recipe as one line for a pack, with as many steps as fit: 'Past commits of this kind (7, e.g. a1b2c3d "Add --foo
 * flag") usually changed src/options.ts (7 of 7), and made test/*.test.ts like test/bar.test.ts (5 of 7)'.
 *
 * title: of a request; the example is the commit that shares most words with it. At most mostTokens, unless the first
 * step alone is longer. The line holds text of the repository, which is data, without control characters.
 */
export function recipeLine(recipe: Recipe, title = '', mostTokens = 120): string {
  const { by, steps, commits } = recipe
  const start =
    by === 'habit'
      ? `Features of any kind (${commits.length} past commits) usually`
      : `Past commits of this kind (${commits.length}, e.g. ${example(commits, title)}) usually`
  let shown: RecipeStep[] = []
  let line = ''
  for (const step of steps) {
    const longer = `${start} ${inWords([...shown, step], recipe)}`.replace(CONTROL, ' ')
    if (shown.length > 0 && countTokens(longer) > mostTokens) continue
    shown = [...shown, step]
    line = longer
  }
  return line
}

/** A recipe for people: its name and an example, then one line a step, without control characters. */
export function recipeLines(recipe: Recipe): string[] {
  const { name, steps, commits } = recipe
  return [
    `${name}  (${commits.length} past commits, e.g. ${example(commits, name)})`,
    ...steps.map((step) => `  ${step.isNew ? 'make a new' : 'change'} ${stepInWords(step, recipe)}`),
  ].map((line) => line.replace(CONTROL, ' '))
}

function inWords(steps: readonly RecipeStep[], recipe: Recipe): string {
  const said = (some: readonly RecipeStep[], verb: string) =>
    some.length === 0 ? [] : [`${verb} ${some.map((step) => stepInWords(step, recipe)).join(', ')}`]
  return [
    ...said(
      steps.filter((step) => !step.isNew),
      'changed',
    ),
    ...said(
      steps.filter((step) => step.isNew),
      'made a new',
    ),
  ].join(', and ')
}

/** 'src/options.ts (7 of 9)'. A step that less than half of the commits took is one of the newer commits: they weigh more. */
function stepInWords(step: RecipeStep, { commits }: Recipe): string {
  const newer = 2 * step.held < commits.length ? ', the newer ones' : ''
  return `${placeInWords(step)} (${step.held} of ${commits.length}${newer})`
}

function placeInWords({ place, isPattern, isNew, model }: RecipeStep): string {
  if (!isPattern || model === null) return place
  return isNew ? `${place} like ${model}` : `one of ${place} such as ${model}`
}

/** 'a1b2c3d "Add --foo flag"': the commit whose subject shares most words with a title; the newest among equals. */
function example(commits: Recipe['commits'], title: string): string {
  const said = new Set(termsOf(title))
  const shared = ({ subject }: { subject: string }) => new Set(termsOf(subject).filter((term) => said.has(term))).size
  const [{ hash, subject }] = [...commits].sort((a, b) => shared(b) - shared(a)) as [Recipe['commits'][number]]
  return `${hash.slice(0, 7)} "${shorten(subject, LONGEST_SUBJECT)}"`
}
