/**
 * Fits the weights of the signals and the calibration on mined features of many repositories, and measures them on repositories left
 * out of the fit.
 *
 *   node dist/bench/fit-ranking.js bench/tuning-features.tsv REPOS CACHE [--tasks TASKS.jsonl]
 *
 * Each feature is ranked at the commit before it, by its title and text and by its title alone. The weights maximise the likelihood of
 * the changed source files under a softmax over all candidates (McFadden 1974), with no weight below 0. Cross-validation leaves out a
 * sixth of the repositories at a time. Prints the values for src/retrieve/score.ts (WEIGHTS, except hand-set ones) and likelihood.ts
 * (CALIBRATION).
 */

import './bare-clones.ts'
import { parseArgs } from 'node:util'
import { f1, recall } from '../src/backtest/file-score.ts'
import { mean } from '../src/backtest/interval.ts'
import { requestOf } from '../src/history/mine-features.ts'
import { isSource, kindOfPath, type PathKind } from '../src/paths.ts'
import { readRequest } from '../src/request/read-request.ts'
import { likelihood, sumsByKind } from '../src/retrieve/likelihood.ts'
import { bestCut } from '../src/retrieve/name-files.ts'
import { askOf, gatherSignals } from '../src/retrieve/rank-files.ts'
import { combine, type Scored, type SignalName, WEIGHTS, type Weights } from '../src/retrieve/score.ts'
import { tasksOf, visitPast } from './past-features.ts'
import { type PastTask, readTasks } from './past-tasks.ts'

const ONES = Object.fromEntries(Object.keys(WEIGHTS).map((name) => [name, 1])) as unknown as Weights
const FOLDS = 6
const STEPS = 250
const RIDGE = 0.02
const SIGNALS = Object.keys(WEIGHTS) as SignalName[]
const KINDS: readonly PathKind[] = ['source', 'test', 'doc', 'other']

interface Example {
  readonly repo: string
  readonly isTitle: boolean
  readonly isGiven: boolean
  readonly paths: readonly string[]
  /** A row a path, a column a signal, as combine() would add them with weights of 1. */
  readonly rows: readonly Float64Array[]
  readonly changed: ReadonlySet<string>
  readonly wanted: readonly string[]
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { tasks: { type: 'string' } } })
const [listFile, reposFolder, cache] = positionals
if (!listFile || !reposFolder || !cache) {
  console.error('usage: node dist/bench/fit-ranking.js FEATURES.tsv REPOS CACHE [--tasks TASKS.jsonl]')
  process.exit(2)
}
const given = values.tasks ? readTasks(values.tasks) : []
const examples = await gather([...given, ...(await tasksOf(listFile, reposFolder))], new Set(given))

const heldOut = crossValidate(examples)
for (const [name, some] of [
  ['mined features, title and text', examples.filter((one) => !one.isGiven && !one.isTitle)],
  ['mined features, title alone', examples.filter((one) => !one.isGiven && one.isTitle)],
  ['given tasks, title and text', examples.filter((one) => one.isGiven && !one.isTitle)],
  ['given tasks, title alone', examples.filter((one) => one.isGiven && one.isTitle)],
] as const) {
  if (some.length === 0) continue
  console.log(`\n${name} (${some.length}), repositories left out of the fit`)
  console.log(`shipped   ${figures(some.map((one) => [one, rank(one, WEIGHTS), undefined] as const))}`)
  console.log(`fitted    ${figures(some.map((one) => [one, ...heldOut.get(one)!] as const))}`)
}
printReliability(examples, heldOut)
const weights = fitWeights(examples)
console.log('\nWEIGHTS', Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, round(weight)])))
console.log('CALIBRATION', calibrate(examples, weights))

async function gather(tasks: readonly PastTask[], isGiven: ReadonlySet<PastTask>): Promise<Example[]> {
  const found: Example[] = []
  await visitPast(tasks, reposFolder!, cache!, (task, { store, worktree }) => {
    for (const isTitle of [false, true]) {
      const { signals } = gatherSignals(askOf(store, worktree, readRequest(requestOf(task, isTitle))))
      const rows = new Map<string, Float64Array>()
      SIGNALS.forEach((signal, i) => {
        for (const { path, score } of combine({ [signal]: signals[signal] }, ONES)) {
          if (!rows.has(path)) rows.set(path, new Float64Array(SIGNALS.length))
          rows.get(path)![i] = score
        }
      })
      found.push({
        repo: task.repo,
        isTitle,
        isGiven: isGiven.has(task),
        paths: [...rows.keys()],
        rows: [...rows.values()],
        changed: new Set(task.modified_files),
        wanted: task.modified_source_files,
      })
    }
  })
  return found
}

function rank(example: Example, weights: Weights): Scored[] {
  const vector = SIGNALS.map((signal) => weights[signal])
  return example.paths
    .map((path, i) => ({ path, score: dot(example.rows[i]!, vector), evidence: () => [] }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
}

/** Softmax regression with Adam (Kingma & Ba 2015); weights stay at or above 0. */
function fitWeights(some: readonly Example[]): Weights {
  const tasks = some
    .map((one) => {
      const rows = one.rows.filter((_, i) => isSource(one.paths[i]!))
      const paths = one.paths.filter(isSource)
      return { rows, hits: paths.map((path) => one.wanted.includes(path)), weight: one.isGiven ? 3 : 1 }
    })
    .filter(({ hits }) => hits.includes(true))
  const total = tasks.reduce((sum, { weight }) => sum + weight, 0)
  const w = SIGNALS.map(() => 0.5)
  const m = SIGNALS.map(() => 0)
  const v = SIGNALS.map(() => 0)
  for (let step = 1; step <= STEPS; step++) {
    const gradient = w.map((weight) => RIDGE * weight)
    for (const { rows, hits, weight } of tasks) {
      const scores = rows.map((row) => dot(row, w))
      const top = Math.max(...scores)
      const shares = scores.map((score) => Math.exp(score - top))
      const sum = shares.reduce((a, b) => a + b, 0)
      const right = hits.filter(Boolean).length
      rows.forEach((row, i) => {
        const error = (weight / total) * (shares[i]! / sum - (hits[i] ? 1 / right : 0))
        for (let j = 0; j < row.length; j++) gradient[j]! += error * row[j]!
      })
    }
    for (let j = 0; j < w.length; j++) {
      m[j] = 0.9 * m[j]! + 0.1 * gradient[j]!
      v[j] = 0.99 * v[j]! + 0.01 * gradient[j]! ** 2
      const rate = 0.3 / (1 + step / 100)
      w[j] = Math.max(0, w[j]! - (rate * (m[j]! / (1 - 0.9 ** step))) / (Math.sqrt(v[j]! / (1 - 0.99 ** step)) + 1e-8))
    }
  }
  return Object.fromEntries(SIGNALS.map((signal, j) => [signal, w[j]!])) as unknown as Weights
}

type Calibrations = typeof import('../src/retrieve/likelihood.ts').CALIBRATION

/** A logistic regression for each kind of path, by Newton's method: log share, log place and score -> changed or not. */
function calibrate(some: readonly Example[], weights: Weights): Calibrations {
  const rows = new Map<PathKind, { x: number[]; y: number }[]>(KINDS.map((kind) => [kind, []]))
  for (const one of some) {
    const ranked = rank(one, weights)
    const sums = sumsByKind(ranked)
    const places = new Map<PathKind, number>()
    for (const { path, score } of ranked) {
      const kind = kindOfPath(path)
      const place = (places.get(kind) ?? 0) + 1
      places.set(kind, place)
      if (place > 60) continue
      const share = score - ranked[0]!.score - Math.log(sums.get(kind)!)
      rows.get(kind)!.push({ x: [1, share, Math.log(place), score], y: one.changed.has(path) ? 1 : 0 })
    }
  }
  return Object.fromEntries(
    KINDS.map((kind) => {
      const [base, share, place, score] = logistic(rows.get(kind)!)
      return [kind, { base: round(base!), share: round(share!), place: round(place!), score: round(score!) }]
    }),
  ) as unknown as Calibrations
}

function logistic(rows: readonly { x: number[]; y: number }[]): number[] {
  let w = rows[0]!.x.map(() => 0)
  for (let step = 0; step < 30; step++) {
    const g = w.map((weight) => 1e-4 * weight)
    const h = w.map((_, i) => w.map((__, j) => (i === j ? 1e-4 : 0)))
    for (const { x, y } of rows) {
      const p = 1 / (1 + Math.exp(-dot(x, w)))
      for (let i = 0; i < x.length; i++) {
        g[i]! += ((p - y) * x[i]!) / rows.length
        for (let j = 0; j < x.length; j++) h[i]![j]! += (p * (1 - p) * x[i]! * x[j]!) / rows.length
      }
    }
    const move = solve(h, g)
    w = w.map((weight, i) => weight - move[i]!)
  }
  return w
}

/** Gaussian elimination; the matrix is positive definite. */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!])
  for (let i = 0; i < rows.length; i++)
    for (let k = 0; k < rows.length; k++) {
      if (k === i) continue
      const factor = rows[k]![i]! / rows[i]![i]!
      for (let j = i; j <= rows.length; j++) rows[k]![j]! -= factor * rows[i]![j]!
    }
  return rows.map((row, i) => row.at(-1)! / row[i]!)
}

function crossValidate(some: readonly Example[]): Map<Example, readonly [Scored[], Calibrations]> {
  const repos = [...new Set(some.map((one) => one.repo))].sort()
  const ranked = new Map<Example, readonly [Scored[], Calibrations]>()
  for (let fold = 0; fold < FOLDS; fold++) {
    const left = new Set(repos.filter((_, i) => i % FOLDS === fold))
    const others = some.filter((one) => !left.has(one.repo))
    const weights = fitWeights(others)
    const calibration = calibrate(others, weights)
    for (const one of some.filter(({ repo }) => left.has(repo))) ranked.set(one, [rank(one, weights), calibration])
  }
  return ranked
}

function figures(some: readonly (readonly [Example, Scored[], Calibrations | undefined])[]): string {
  const rows = some.map(([{ wanted }, ranked, calibration]) => {
    const paths = ranked.map(({ path }) => path).filter(isSource)
    const files = likelihood(ranked, calibration).filter(({ path }) => ['source', 'other'].includes(kindOfPath(path)))
    const cut = bestCut(files.map(({ probability }) => probability))
    const named = files
      .slice(0, cut.named)
      .map(({ path }) => path)
      .filter(isSource)
    return { wanted, paths, named, expected: cut.f1 }
  })
  const of = (value: (row: (typeof rows)[number]) => number) => mean(rows.map(value)).toFixed(3)
  return [
    ...[5, 10, 20, 50].map((k) => `R@${k} ${of(({ paths, wanted }) => recall(paths.slice(0, k), wanted))}`),
    `F1@5 ${of(({ paths, wanted }) => f1(paths.slice(0, 5), wanted))}`,
    `named ${of(({ named }) => named.length)}`,
    `F1 ${of(({ named, wanted }) => f1(named, wanted))} (expected ${of(({ expected }) => expected)})`,
  ].join('  ')
}

function printReliability(some: readonly Example[], ranked: typeof heldOut): void {
  const bins = new Map<number, { sum: number; hits: number; count: number }>()
  for (const one of some) {
    const [list, calibration] = ranked.get(one)!
    for (const { path, probability } of likelihood(list, calibration)) {
      if (kindOfPath(path) !== 'source') continue
      const bin = bins.get(Math.floor(10 * probability)) ?? { sum: 0, hits: 0, count: 0 }
      bin.sum += probability
      bin.hits += one.changed.has(path) ? 1 : 0
      bin.count++
      bins.set(Math.floor(10 * probability), bin)
    }
  }
  console.log('\npredicted probability -> share changed (source files, repositories left out of the fit)')
  for (const [, { sum, hits, count }] of [...bins].sort((a, b) => a[0] - b[0]))
    console.log(`${(sum / count).toFixed(2)} -> ${(hits / count).toFixed(2)}  (${count})`)
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function round(value: number): number {
  return Math.round(100 * value) / 100
}
