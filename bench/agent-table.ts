/**
 * Prints the table of docs/results.md from the result lines of bench/implement.ts: a row a task, then medians, means and ratios.
 *
 *   node dist/bench/agent-table.js RESULTS.jsonl... [--against plain-agent@24]
 *
 * Of several runs with the same task, arm and step limit, the last counts. Totals use only tasks with a run of every arm.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { table } from '../bin/format.ts'
import type { FileScore } from '../src/backtest/file-score.ts'
import { type Estimate, estimateOf, mean } from '../src/backtest/interval.ts'

interface Run {
  readonly task: string
  readonly arm: string
  readonly steps: number
  readonly calls: number
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  readonly tokens: number
  readonly all: FileScore
  readonly source: FileScore
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { against: { type: 'string', default: 'plain-agent@24' } },
})
const lines = positionals.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
const runs = lines.map((line) => JSON.parse(line) as Run)
const arms = [...new Set(runs.map(armOf))].sort()
const byTask = [...new Set(runs.map(({ task }) => task))].map((task) => runs.filter((run) => run.task === task))
const whole = byTask.filter((own) => arms.every((arm) => own.some((run) => armOf(run) === arm)))
if (whole.length === 0) {
  console.error(
    'usage: node dist/bench/agent-table.js RESULTS.jsonl... [--against plain-agent@24]; no task has a run of every arm',
  )
  process.exit(2)
}
const of = (own: readonly Run[], arm: string) => own.findLast((run) => armOf(run) === arm)

console.log(
  table([
    ['task', ...arms],
    ...byTask.map((own) => [
      own[0]!.task,
      ...arms.map((arm) => {
        const run = of(own, arm)
        return run ? `${run.tokens.toLocaleString('en-US')} in ${run.calls}, F1 ${run.all.f1.toFixed(2)}` : ''
      }),
    ]),
  ]),
)
console.log(`\n${whole.length} tasks with every arm\n`)
const rows: [string, (own: readonly Run[]) => string][] = [
  ['tokens, median', (own) => round(middle(own.map(({ tokens }) => tokens)))],
  ['uncached input, median', (own) => round(middle(own.map((run) => run.inputTokens - run.cachedTokens)))],
  ['output, median', (own) => round(middle(own.map(({ outputTokens }) => outputTokens)))],
  ['calls, median', (own) => round(middle(own.map(({ calls }) => calls)))],
  ['F1, all files', (own) => mean(own.map(({ all }) => all.f1)).toFixed(3)],
  ['precision, all files', (own) => mean(own.map(({ all }) => all.precision)).toFixed(3)],
  ['recall, all files', (own) => mean(own.map(({ all }) => all.recall)).toFixed(3)],
  ['F1, source files', (own) => mean(own.map(({ source }) => source.f1)).toFixed(3)],
]
console.log(
  table([
    ['', ...arms],
    ...rows.map(([name, tell]) => [name, ...arms.map((arm) => tell(whole.map((own) => of(own, arm)!)))]),
  ]),
)
for (const arm of arms.filter((one) => one !== values.against && arms.includes(values.against))) {
  const pairs = whole.map((own) => [of(own, values.against)!, of(own, arm)!] as const)
  const medians = estimateOf(
    pairs,
    (some) => middle(some.map(([a]) => a.tokens)) / middle(some.map(([, b]) => b.tokens)),
  )
  const each = estimateOf(pairs, (some) => middle(some.map(([a, b]) => a.tokens / b.tokens)))
  const sums = estimateOf(pairs, (some) => mean(some.map(([a]) => a.tokens)) / mean(some.map(([, b]) => b.tokens)))
  const gain = estimateOf(pairs, (some) => mean(some.map(([a, b]) => b.all.f1 - a.all.f1)))
  console.log(
    `\n${arm} against ${values.against} (95 % of 2,000 resamplings): tokens ${inWords(medians)} times fewer by the medians, ${inWords(each)} by the median of the ratios, ${inWords(sums)} by the sums; F1 ${inWords(gain)}`,
  )
}

function armOf({ arm, steps }: Run): string {
  return `${arm}@${steps}`
}

function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}

function round(number: number): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: 1 })
}

function inWords({ mean: value, low, high }: Estimate): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
}
