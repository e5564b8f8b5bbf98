/**
 * Measures what recipes give to the ranking. Replays past additions whose titles mean a recipe that was mined from earlier commits, and
 * names their source files without and with it.
 *
 *   node dist/bench/usual.js CACHE REPOSITORY... [--limit 100] [--lines]
 *
 * REPOSITORY: a clone; it is not changed. CACHE: a folder for the facts of past commits, so a second run parses nothing. Prints means
 * for each repository, for all, for additions of a known kind, for changes of three or more source files, and for the others: F1 of the
 * named source files, F1 of all named files, source files named and changed, and, for files of the recipes, mean probability and share
 * changed. --lines: also prints a line a request (JSON).
 */

import './bare-clones.ts'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { f1 } from '../src/backtest/file-score.ts'
import { mean } from '../src/backtest/interval.ts'
import { DEFAULTS } from '../src/config/defaults.ts'
import { openPastFacts } from '../src/indexing/past-facts.ts'
import { readAdditions } from '../src/indexing/read-additions.ts'
import { sizesOfPlaces } from '../src/pack/find-files.ts'
import { isSource } from '../src/paths.ts'
import { kindAdded, matchRecipe } from '../src/recipes/match-recipe.ts'
import { readRequest } from '../src/request/read-request.ts'
import { recipeTerms } from '../src/request/request-terms.ts'
import { likelihood } from '../src/retrieve/likelihood.ts'
import { assignRoles } from '../src/retrieve/name-files.ts'
import { asUsual, placesOf } from '../src/retrieve/prior.ts'
import { rankFiles } from '../src/retrieve/rank-files.ts'
import type { Scored } from '../src/retrieve/score.ts'
import { recipesBefore } from './recipes-before.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: 'string', default: '100' }, lines: { type: 'boolean' } },
})
const [cache, ...roots] = positionals
if (!cache || roots.length === 0) {
  console.error('usage: node dist/bench/usual.js CACHE REPOSITORY... [--limit 100] [--lines]')
  process.exit(2)
}

interface Score {
  readonly f1: number
  readonly all: number
  readonly named: number
}

interface Row {
  readonly title: string
  readonly by: string
  readonly wanted: number
  /** For each file of the recipe: its probability without and with the recipe, and whether it was changed. */
  readonly forecasts: readonly { readonly without: number; readonly with: number; readonly isChanged: boolean }[]
  readonly without: Score
  readonly with: Score
}

const WIDE = 3 // source files; a feature in backtests has as many

const all: Row[] = []
for (const root of roots) {
  const rows = await replay(root, cache)
  if (values.lines) for (const row of rows) console.log(JSON.stringify({ root, ...row }))
  print(root, rows)
  all.push(...rows)
}
print('all', all)
print(
  'another one of a kind',
  all.filter(({ by }) => by === 'kind'),
)
print(
  `${WIDE} source files and more`,
  all.filter(({ wanted }) => wanted >= WIDE),
)
print(
  'fewer',
  all.filter(({ wanted }) => wanted < WIDE),
)

async function replay(root: string, cacheFolder: string): Promise<Row[]> {
  const requests = []
  const newest = (await readAdditions(root, 'HEAD')).additions.slice(0, Number(values.limit))
  for (const { commit, title, modified } of newest.reverse()) {
    const { base, recipes, isKnown } = await recipesBefore(root, commit)
    const recipe = matchRecipe(recipes, { terms: recipeTerms(title), kind: kindAdded(title, isKnown) })
    const isMeant = recipe?.steps.some(({ isPattern }) => !isPattern) && modified.some(isSource)
    if (recipe && isMeant) requests.push({ title, modified, base, recipe })
  }
  const past = openPastFacts(resolve(root), join(cacheFolder, `${basename(resolve(root))}.db`), DEFAULTS)
  try {
    await past.prepare(requests.map(({ base }) => base))
    const rows: Row[] = []
    for (const { title, modified, base, recipe } of requests) {
      const worktree = await past.at(base)
      const ranked = rankFiles(past.store, worktree, readRequest(title))
      const usual = asUsual(ranked, recipe, sizesOfPlaces(past.store, worktree, recipe))
      const [before, after] = [ranked, usual].map(
        (files) => new Map(likelihood(files).map(({ path, probability }) => [path, probability])),
      )
      const places = placesOf(recipe)
      rows.push({
        title,
        by: recipe.by,
        wanted: modified.filter(isSource).length,
        forecasts: places.map((place) => ({
          ...{ without: before!.get(place) ?? 0, with: after!.get(place) ?? 0, isChanged: modified.includes(place) },
        })),
        without: score(ranked, modified),
        with: score(usual, modified),
      })
    }
    return rows
  } finally {
    past.close()
  }
}

function score(ranked: readonly Scored[], modified: readonly string[]): Score {
  const named = assignRoles(ranked)
    .filter(({ role }) => role !== 'maybe')
    .map(({ path }) => path)
  return {
    f1: f1(named.filter(isSource), modified.filter(isSource)),
    all: f1(named, modified),
    named: named.filter(isSource).length,
  }
}

function print(name: string, rows: readonly Row[]): void {
  if (rows.length === 0) {
    console.log(`${name}: no request means a recipe`)
    return
  }
  const forecasts = rows.flatMap((row) => row.forecasts)
  const share = (of: (one: Row['forecasts'][number]) => number) => mean(forecasts.map(of)).toFixed(2)
  console.log(
    `${name}: ${rows.length} requests, ${mean(rows.map(({ wanted }) => wanted)).toFixed(1)} source files changed; of ${forecasts.length} files that recipes name ` +
      `${share((one) => one.without)} was forecast without them, ${share((one) => one.with)} with, ${share(({ isChanged }) => (isChanged ? 1 : 0))} were changed`,
  )
  for (const arm of ['without', 'with'] as const) {
    const of = (key: keyof Score) => mean(rows.map((row) => row[arm][key]))
    console.log(
      `  ${arm.padEnd(8)} F1 ${of('f1').toFixed(3)}  of all files ${of('all').toFixed(3)}  named ${of('named').toFixed(1)}`,
    )
  }
}
