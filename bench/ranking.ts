/**
 * Ranks the files of past features and scores the lists, each at the commit before the feature, with only its ancestors known.
 *
 *   node dist/bench/ranking.js TASKS REPOS CACHE [--title-only] [--ablation] [--out PREDICTIONS.jsonl]
 *
 * TASKS: a feature list (.tsv), or lines {task_id, repo: 'owner/name', base_commit, title, body, modified_source_files}. REPOS: a
 * folder with a clone of each; it is not changed. CACHE: a folder for the facts of past commits, so a second run parses nothing. Prints
 * R@5/10/20/50 and F1@5 over source files, and F1 of the named files: for full text alone (BM25 with fields), with co-change, and for
 * repose; with --ablation also for repose without each signal in turn. Then predicted predictability against F1.
 */

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bm25 } from '../src/backtest/arms/bm25.ts'
import { bm25CoChange } from '../src/backtest/arms/bm25-co-change.ts'
import { f1, recall } from '../src/backtest/file-score.ts'
import { mean } from '../src/backtest/interval.ts'
import { requestOf } from '../src/history/mine-features.ts'
import { isSource } from '../src/paths.ts'
import { readRequest } from '../src/request/read-request.ts'
import { nameFiles, predictabilityOf } from '../src/retrieve/name-files.ts'
import { rankFiles } from '../src/retrieve/rank-files.ts'
import { type SignalName, WEIGHTS, type Weights } from '../src/retrieve/score.ts'
import { tasksOf, visitPast } from './past-features.ts'
import { type PastTask, quantile } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'title-only': { type: 'boolean' }, ablation: { type: 'boolean' }, out: { type: 'string' } },
})
const [tasksFile, reposFolder, cache] = positionals
if (!tasksFile || !reposFolder || !cache) {
  console.error(
    'usage: node dist/bench/ranking.js TASKS REPOS CACHE [--title-only] [--ablation] [--out PREDICTIONS.jsonl]',
  )
  process.exit(2)
}

const ABLATIONS: Readonly<Record<string, readonly SignalName[]>> = {
  'words in bodies': ['body'],
  'words in paths': ['paths'],
  'what is named outright': ['outright'],
  'subjects of past commits': ['pastSubjects'],
  'what changed lately': ['recency'],
  'co-change': ['coChange'],
  'co-change of folders': ['folderChange'],
  'co-change of tests and docs': ['testChange'],
  imports: ['imports'],
  'uses of definitions': ['uses'],
  'the whole history': ['pastSubjects', 'recency', 'coChange', 'folderChange', 'testChange'],
}

interface Row {
  readonly task: PastTask
  readonly files: readonly string[]
  readonly named: readonly string[]
}

const rows = new Map<string, Row[]>()
const companions = { test: { named: 0, changed: 0 }, doc: { named: 0, changed: 0 } }
const times: number[] = []
const forecasts: { readonly forecast: number; readonly got: number }[] = []
await visitPast(await tasksOf(tasksFile, reposFolder), reposFolder, cache, (task, { store, worktree }) => {
  const request = requestOf(task, values['title-only'])
  const add = (name: string, weights: Weights) => {
    const all = nameFiles(rankFiles(store, worktree, readRequest(request), weights, weights))
    const files = all.filter(({ path }) => isSource(path)).map(({ path }) => path)
    const named = all.filter(({ path, role }) => isSource(path) && role === 'modify').map(({ path }) => path)
    record(name, { task, files, named })
    if (weights !== WEIGHTS) return
    forecasts.push({ forecast: predictabilityOf(all), got: f1(named, task.modified_source_files) })
    for (const { path, role } of all)
      if (role === 'test' || role === 'doc') {
        companions[role].named++
        if (task.modified_files.includes(path)) companions[role].changed++
      }
  }
  for (const arm of [bm25, bm25CoChange]) {
    const { files, named } = arm.rank(readRequest(request), { store, worktree })
    record(arm.id, { task, files: files.filter(isSource), named })
  }
  const started = performance.now()
  add('repose', WEIGHTS)
  times.push(performance.now() - started)
  if (values.ablation)
    for (const [name, signals] of Object.entries(ABLATIONS))
      add(`- ${name}`, { ...WEIGHTS, ...Object.fromEntries(signals.map((signal) => [signal, 0])) })
})

if (values.out)
  writeFileSync(
    values.out,
    rows
      .get('repose')!
      .map(({ task, files }) => `${JSON.stringify({ task_id: task.task_id, files })}\n`)
      .join(''),
  )
console.log(
  `${times.length} tasks, ${values['title-only'] ? 'title' : 'title + text'}, source files\n${' '.repeat(28)}R@5   R@10  R@20  R@50  F1@5  named F1`,
)
for (const [name, some] of rows) {
  const of = (value: (row: Row, wanted: readonly string[]) => number) =>
    mean(some.map((row) => value(row, row.task.modified_source_files))).toFixed(3)
  const recalls = [5, 10, 20, 50].map((k) => of(({ files }, wanted) => recall(files.slice(0, k), wanted)))
  const f1At5 = of(({ files }, wanted) => f1(files.slice(0, 5), wanted))
  const named = mean(some.map((row) => row.named.length)).toFixed(1)
  console.log(
    `${name.padEnd(27)} ${recalls.join(' ')} ${f1At5} ${named.padStart(5)} ${of((row, wanted) => f1(row.named, wanted))}`,
  )
}
for (const [role, { named, changed }] of Object.entries(companions))
  console.log(
    `named as ${role}: ${(named / times.length).toFixed(2)} a task, ${(changed / named).toFixed(2)} of them changed`,
  )
console.log(`forecast predictability, and F1 (correlation ${correlation().toFixed(2)}):`)
for (const [from, to] of [
  [0, 0.4],
  [0.4, 0.5],
  [0.5, 0.6],
  [0.6, 0.7],
  [0.7, 1.01],
] as const) {
  const some = forecasts.filter(({ forecast }) => forecast >= from && forecast < to)
  const got = some.length === 0 ? '-' : mean(some.map((one) => one.got)).toFixed(2)
  console.log(`  ${from.toFixed(1)} to ${Math.min(1, to).toFixed(1)}: ${got} (${some.length} tasks)`)
}
console.log(
  `ranking, in process: median ${quantile(times, 0.5).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`,
)

function record(name: string, row: Row): void {
  const known = rows.get(name)
  if (known) known.push(row)
  else rows.set(name, [row])
}

function correlation(): number {
  const [forecast, got] = [mean(forecasts.map((one) => one.forecast)), mean(forecasts.map((one) => one.got))]
  const sum = (of: (one: (typeof forecasts)[number]) => number) => forecasts.reduce((all, one) => all + of(one), 0)
  const both = sum((one) => (one.forecast - forecast) * (one.got - got))
  return both / Math.sqrt(sum((one) => (one.forecast - forecast) ** 2) * sum((one) => (one.got - got) ** 2))
}
