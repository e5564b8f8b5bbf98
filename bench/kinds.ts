/**
 * How reliable is a recipe of a kind ("Add Venn diagram": see kindAdded)? Replays the additions of repositories in time order. For each
 * title that adds one of a kind with at least three earlier additions, it predicts the files that three in five of those changed, with
 * one commit that changed none added to the count (Laplace smoothing). It compares them with what the addition changed. It uses no
 * gates of recipes, so it takes a second a repository.
 *
 *   node dist/bench/kinds.js REPOSITORY...
 *
 * REPOSITORY: a clone; it is not changed. Prints a line a repository, then the share of changed files by tenths of predicted
 * probability.
 */
import './bare-clones.ts'
import { basename, resolve } from 'node:path'
import { mean } from '../src/backtest/interval.ts'
import { countEach } from '../src/groups.ts'
import { readAdditions } from '../src/indexing/read-additions.ts'
import type { PastAddition } from '../src/recipes/addition.ts'
import { DOUBTS } from '../src/retrieve/prior.ts'

const FEWEST = 3
const USUAL = 0.6

interface Forecast {
  readonly probability: number
  readonly isChanged: boolean
}

const all: Forecast[] = []
for (const root of process.argv.slice(2)) {
  const { requests, forecasts } = replay((await readAdditions(root, 'HEAD')).additions)
  console.log(
    `${basename(resolve(root))}: ${requests} requests, ${changed(forecasts)} of ${forecasts.length} files changed`,
  )
  all.push(...forecasts)
}
console.log(`all: ${changed(all)} of ${all.length} files changed`)
for (const tenth of [5, 6, 7, 8, 9]) {
  const some = all.filter(({ probability }) => Math.floor(10 * probability) === tenth)
  if (some.length === 0) continue
  const predicted = mean(some.map(({ probability }) => probability)).toFixed(2)
  console.log(`predicted ${predicted}: ${(changed(some) / some.length).toFixed(2)} changed (${some.length})`)
}

function changed(forecasts: readonly Forecast[]): number {
  return forecasts.filter(({ isChanged }) => isChanged).length
}

function replay(newestFirst: readonly PastAddition[]): { requests: number; forecasts: Forecast[] } {
  const kinds = new Map<string, PastAddition[]>()
  const forecasts: Forecast[] = []
  let requests = 0
  for (const addition of [...newestFirst].reverse()) {
    if (addition.kind === null) continue
    const before = kinds.get(addition.kind) ?? []
    kinds.set(addition.kind, [...before, addition])
    const usual = before.length < FEWEST ? [] : usuallyChanged(before)
    if (usual.length > 0) requests++
    for (const [path, times] of usual)
      forecasts.push({ probability: times / (before.length + DOUBTS), isChanged: addition.modified.includes(path) })
  }
  return { requests, forecasts }
}

function usuallyChanged(additions: readonly PastAddition[]): [path: string, times: number][] {
  const times = countEach(additions.flatMap(({ modified }) => modified))
  return [...times].filter(([, held]) => held / (additions.length + 1) >= USUAL)
}
