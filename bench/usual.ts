/**
 * What recipes give to the ranking: replays past additions of a repository whose titles mean a recipe that was mined from what came before
 * them, and names their source files without it and with it.
 *
 *   node dist/bench/usual.js REPOSITORY CACHE [--limit 100]
 *
 * REPOSITORY: a clone; nothing is changed in it. CACHE: a folder for the facts of past commits: a second run parses nothing. Prints a line a
 * request (JSON), then means: F1 of the named source files, of all named files, how many source files are named and were changed, and of the files that
 * the recipes name how likely they were held and how many were changed.
 */
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openPastFacts } from '../agents/sleep/past-facts.ts'
import { DEFAULTS } from '../src/config-defaults.ts'
import { readAdditions } from '../src/history/recipes-read.ts'
import { matchRecipe } from '../src/match-recipe.ts'
import { kindOfPath } from '../src/paths.ts'
import { assignRoles } from '../src/retrieve/name-files.ts'
import { rankFiles } from '../src/retrieve/rank-files.ts'
import { asUsual } from '../src/retrieve/usual.ts'
import { f1, mean } from './past-tasks.ts'
import { recipesBefore } from './recipes-before.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: 'string', default: '100' } },
})
const [root, cache] = positionals
if (!root || !cache) {
  console.error('usage: node dist/bench/usual.js REPOSITORY CACHE [--limit 100]')
  process.exit(2)
}

interface Score {
  readonly f1: number
  readonly all: number
  readonly named: number
}

const requests = []
for (const { commit, title, modified } of (await readAdditions(root, 'HEAD'))
  .slice(0, Number(values.limit))
  .reverse()) {
  const { base, recipes } = await recipesBefore(root, commit)
  const recipe = matchRecipe(recipes, title)
  const isMeant = recipe?.steps.some(({ isPattern }) => !isPattern) && modified.some(isSource)
  if (recipe && isMeant) requests.push({ title, modified, base, recipe })
}

const past = openPastFacts(resolve(root), join(cache, `${basename(resolve(root))}.db`), DEFAULTS)
await past.prepare(requests.map(({ base }) => base))
const rows: {
  readonly wanted: number
  readonly told: readonly (readonly [probability: number, isChanged: boolean])[]
  readonly without: Score
  readonly with: Score
}[] = []
for (const { title, modified, base, recipe } of requests) {
  const ranked = rankFiles(past.store, await past.at(base), title)
  const files = assignRoles(ranked)
  const told = recipe.steps.flatMap(({ place, isPattern }) =>
    isPattern ? [] : [[files.find(({ path }) => path === place)?.score ?? 0, modified.includes(place)] as const],
  )
  const row = {
    title,
    wanted: modified.filter(isSource).length,
    told,
    without: score(files),
    with: score(assignRoles(asUsual(ranked, recipe))),
  }
  console.log(JSON.stringify(row))
  rows.push(row)

  function score(some: typeof files): Score {
    const named = some.filter(({ role }) => role !== 'maybe').map(({ path }) => path)
    return {
      f1: f1(named.filter(isSource), modified.filter(isSource)),
      all: f1(named, modified),
      named: named.filter(isSource).length,
    }
  }
}
past.close()
if (rows.length === 0) {
  console.log(`${root}: no request means a recipe`)
  process.exit(0)
}
const told = rows.flatMap((row) => row.told)
console.log(
  `${root}: ${rows.length} requests, ${mean(rows.map(({ wanted }) => wanted)).toFixed(1)} source files changed; of ${told.length} files that recipes name ` +
    `${mean(told.map(([probability]) => probability)).toFixed(2)} was told without them, ${mean(told.map(([, isChanged]) => (isChanged ? 1 : 0))).toFixed(2)} were changed`,
)
for (const arm of ['without', 'with'] as const) {
  const of = (key: 'f1' | 'all' | 'named') => mean(rows.map((row) => row[arm][key]))
  console.log(
    `${arm.padEnd(8)} F1 ${of('f1').toFixed(3)}  of all files ${of('all').toFixed(3)}  named ${of('named').toFixed(1)}`,
  )
}

function isSource(path: string): boolean {
  return kindOfPath(path) === 'source'
}
