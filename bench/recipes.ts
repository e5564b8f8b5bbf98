/**
 * Replays past additions of repositories, oldest first. For each, recipes are mined only from earlier commits, and the one that its
 * title means is compared with what it changed. Prints this for each repository, then for all.
 *
 *   node dist/bench/recipes.js REPOSITORY... [--limit 40] [--lines]
 *
 * REPOSITORY: a clone; it is not changed. --lines: also prints each title with the line that a pack would show.
 */

import './bare-clones.ts'
import { parseArgs } from 'node:util'
import { readAdditions } from '../src/indexing/read-additions.ts'
import type { Recipe } from '../src/recipe.ts'
import type { PastAddition } from '../src/recipes/addition.ts'
import { kindAdded, matchRecipe } from '../src/recipes/match-recipe.ts'
import { type Past, pastOf } from '../src/recipes/past-additions.ts'
import { recipeLine } from '../src/recipes/recipe-line.ts'
import { took } from '../src/recipes/steps.ts'
import { recipeTerms } from '../src/request/request-terms.ts'
import { recipesBefore } from './recipes-before.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: 'string', default: '40' }, lines: { type: 'boolean' } },
})
if (positionals.length === 0) {
  console.error('usage: node dist/bench/recipes.js REPOSITORY... [--limit 40] [--lines]')
  process.exit(2)
}

interface Kind {
  requests: number
  named: number
  changed: number
  /** Steps like 'one of src/*.ts'. */
  patterns: number
  shown: number
  /** Steps like 'a new src/*.ts'. */
  anew: number
  made: number
  /** Of those, the existing files that are models for the new one: to be read and left unchanged. */
  models: number
  left: number
  /** Files that the requests changed, without those that they created. */
  wanted: number
}

/** 'kind': recipes from other additions of the same kind. */
type Totals = Readonly<Record<'kind' | 'recipe' | 'habit', Kind>>

const all: Totals = { kind: none(), recipe: none(), habit: none() }
let additions = 0
for (const root of positionals) {
  const own: Totals = { kind: none(), recipe: none(), habit: none() }
  const newest = (await readAdditions(root, 'HEAD')).additions.slice(0, Number(values.limit))
  additions += newest.length
  for (const addition of newest.reverse()) {
    const { title, commit } = addition
    const { recipes, isKnown } = await recipesBefore(root, commit)
    const meant = matchRecipe(recipes, { terms: recipeTerms(title), kind: kindAdded(title, isKnown) })
    const recipe = meant ?? recipes.find(({ by }) => by === 'habit')
    const kind = recipe?.by === 'habit' || recipe?.by === 'kind' ? recipe.by : 'recipe'
    if (recipe) for (const totals of [own, all]) count(totals[kind], recipe, addition)
    if (values.lines) console.log(`# ${title}\n${recipe ? recipeLine(recipe, title) : '-'}\n`)
  }
  print(root, newest.length, own)
}
if (positionals.length > 1) print('all', additions, all)

function print(name: string, requests: number, totals: Totals): void {
  console.log(`${name}: ${requests} additions`)
  for (const [kind, total] of Object.entries(totals)) console.log(`${kind.padEnd(6)} ${inWords(total)}`)
}

function none(): Kind {
  return { requests: 0, named: 0, changed: 0, patterns: 0, shown: 0, anew: 0, made: 0, models: 0, left: 0, wanted: 0 }
}

function count(total: Kind, { steps }: Recipe, addition: PastAddition): void {
  const { modified } = addition
  const [past] = pastOf([addition]) as [Past]
  const exact = steps.filter(({ isPattern }) => !isPattern)
  const anew = steps.filter((step) => step.isNew)
  const other = steps.filter((step) => step.isPattern && !anew.includes(step))
  total.requests++
  total.named += exact.length
  total.changed += exact.filter(({ place }) => modified.includes(place)).length
  total.anew += anew.length
  total.made += anew.filter((step) => took(past, step, steps)).length
  const models = anew.flatMap(({ model }) => model ?? [])
  total.models += models.length
  total.left += models.filter((path) => !modified.includes(path)).length
  total.patterns += other.length
  total.shown += other.filter((step) => took(past, step, steps)).length
  total.wanted += modified.length
}

function inWords({ requests, named, changed, anew, made, models, left, patterns, shown, wanted }: Kind): string {
  const of = (part: number, all: number) => `${part}/${all}${all > 0 ? ` (${Math.round((100 * part) / all)} %)` : ''}`
  return `${requests} requests; files named and changed ${of(changed, named)}; of the changed files named ${of(changed, wanted)}; "a new ... like" made ${of(made, anew)}, and what it is like left ${of(left, models)}; "one of ..." changed ${of(shown, patterns)}`
}
