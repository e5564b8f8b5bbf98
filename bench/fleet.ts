/**
 * Simulates the nights of a fleet, and compares the division of `repose fleet plan` with equal shares.
 *
 *   node dist/bench/fleet.js FOLDER [--repos 2000] [--nights 30] [--budget 20000000] [--seed 1]
 *
 * FOLDER: has clones, which are not changed. A simulated repository is a piece of one's history, drawn with the seed: which files changed on
 * which day. A share of the commits (30 %) stands for requests, and half of these were in the backlog before. Prices of a draft and of a
 * summary are those of src/fleet/worth.ts. 5 % of the jobs are lost after half of their tokens, and 3 % run twice at once.
 */
import './bare-clones.ts'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isSource } from '../src/paths.ts'
import { reachableCommits, readCommits } from '../src/repo/read-commits.ts'
import { type History, type Outcome, type Settings, simulateFleet } from './fleet-simulation.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repos: { type: 'string', default: '2000' },
    nights: { type: 'string', default: '30' },
    budget: { type: 'string', default: '20000000' },
    seed: { type: 'string', default: '1' },
  },
})
const [folder] = positionals
if (folder === undefined) {
  console.error('usage: node dist/bench/fleet.js FOLDER [--repos 2000] [--nights 30] [--budget 20000000] [--seed 1]')
  process.exit(2)
}

const READ = 6000 // commits of a clone
const DAY = 24 * 3600 // seconds
const SHORTEST = 400 // days of history

const histories: History[] = []
for (const name of readdirSync(folder).sort()) {
  const history = await historyOf(join(folder, name)).catch(() => null)
  if (history && history.days.at(-1)! - history.days[0]! > SHORTEST) histories.push(history)
  process.stderr.write('.')
}
process.stderr.write('\n')

const common = {
  ...{ repos: Number(values.repos), nights: Number(values.nights), seed: Number(values.seed) },
  ...{ lost: 0.05, double: 0.03 },
}
const budget = Number(values.budget)
const ROWS: readonly (readonly [string, Partial<Settings>])[] = [
  ['equal shares', { way: 'equal shares' }],
  ['by worth', {}],
  ['by worth, at most 256 jobs', { mostJobs: 256 }],
  ['by worth, no job lost or doubled', { lost: 0, double: 0 }],
  ['equal shares, three times the budget', { way: 'equal shares', budgetTokens: 3 * budget }],
  ['by worth, three times the budget', { budgetTokens: 3 * budget }],
]
console.log(
  `${histories.length} histories; ${values.repos} repositories, ${values.nights} nights of ${budget} tokens\n`,
)
console.log(
  '| division | tokens | jobs | drafts, of them used | summaries, of them used | files of requests that were ready | filed requests with a draft in time, nights they waited |',
)
console.log('|---|---:|---:|---:|---:|---:|---:|')
for (const [name, changes] of ROWS) {
  const settings: Settings = {
    ...common,
    budgetTokens: budget,
    mostJobs: Number.POSITIVE_INFINITY,
    way: 'by worth',
    ...changes,
  }
  console.log(row(name, simulateFleet(histories, settings)))
}

function row(name: string, out: Outcome): string {
  const percent = (part: number, whole: number) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`)
  const waited = out.drained === 0 ? '-' : (out.waited / out.drained).toFixed(1)
  return `| ${[
    name,
    `${(out.tokens / 1e6).toFixed(0)} M`,
    out.jobs,
    `${out.drafts}, ${percent(out.draftsUsed, out.drafts)}`,
    `${out.thought}, ${percent(out.used, out.thought)}`,
    percent(out.ready, out.needed),
    `${percent(out.drained, out.filed)}, ${waited}`,
  ].join(' | ')} |`
}

async function historyOf(root: string): Promise<History> {
  const commits = await readCommits(root, await reachableCommits(root, 'HEAD', READ))
  const numbers = new Map<string, number>()
  const numberOf = (path: string) => numbers.get(path) ?? numbers.set(path, numbers.size).size - 1
  const read = commits
    .filter(({ isMerge }) => !isMerge)
    .map(({ time, changes }) => ({
      day: Math.floor(time / DAY),
      files: changes
        .map(({ path }) => path)
        .filter(isSource)
        .map(numberOf),
    }))
    .filter(({ files }) => files.length > 0 && files.length <= 30)
    .sort((a, b) => a.day - b.day)
  return { days: read.map(({ day }) => day), files: read.map(({ files }) => files) }
}
