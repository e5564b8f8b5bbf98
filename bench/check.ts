/**
 * Measures `repose check`: hides one file of past commits and looks whether it is named from the other files and the history before.
 *
 *   node dist/bench/check.js REPOSITORY... [--limit 300] [--least 0.5] [--curve] [--lines]
 *
 * REPOSITORY: a clone; it is not changed. The newest commits with 3 to 12 files are replayed, without merges; the hidden file is chosen
 * by the commit's id among those that existed before. Only ancestors of the commit's parent are known; recipes are those of an older
 * ancestor. Two readings: with one file hidden, a named file is right if it is the hidden one; of the complete commit, anything named is
 * wrong. --curve: also for other thresholds. --lines: also prints what was named (JSON).
 */

import './bare-clones.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { LEAST, likelyCompanions } from '../src/companions/likely-companions.ts'
import { DEFAULTS } from '../src/config/defaults.ts'
import { readAdditions } from '../src/indexing/read-additions.ts'
import { learnCommits } from '../src/indexing/refresh-facts.ts'
import type { Recipe } from '../src/recipe.ts'
import { mineRecipes } from '../src/recipes/mine-recipes.ts'
import { unfinished } from '../src/recipes/unfinished.ts'
import { git, splitNul } from '../src/repo/git.ts'
import { type PastCommit, reachableCommits, readCommits } from '../src/repo/read-commits.ts'
import { openStore } from '../src/store/open-store.ts'
import { pastOf } from '../src/store/past-of.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '300' },
    least: { type: 'string' },
    curve: { type: 'boolean' },
    lines: { type: 'boolean' },
  },
})
if (positionals.length === 0) {
  console.error('usage: node dist/bench/check.js REPOSITORY... [--limit 300] [--least P] [--curve] [--lines]')
  process.exit(2)
}

const WIDTH = { least: 3, most: 12 } // files
const READ = 4000 // commits in which they are looked for
const RECIPES_EVERY = 50 // commits: mining takes seconds

interface Named {
  readonly path: string
  readonly probability: number
  readonly isRecipe: boolean
}

interface Row {
  readonly hidden: string
  /** With the hidden file left out. */
  readonly named: readonly Named[]
  /** Of the complete commit. */
  readonly extra: readonly Named[]
}

const all: Row[] = []
const least = Number(values.least ?? LEAST)
console.log(
  '| repository | commits | hidden file named | named with it hidden | of them right | recipe steps, right | complete commits with a warning |',
)
console.log('|---|---:|---:|---:|---:|---:|---:|')
for (const root of positionals) {
  const rows = await replay(root)
  print(basename(root), rows, least)
  all.push(...rows)
}
print('all', all, least)
if (values.curve) for (const one of [0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7]) print(`all, from ${one}`, all, one)

async function replay(root: string): Promise<Row[]> {
  const head = (await git(root, ['rev-parse', 'HEAD'])).trim()
  const commits = (await readCommits(root, await reachableCommits(root, head, READ)))
    .filter(({ isMerge, changes }) => !isMerge && changes.length >= WIDTH.least && changes.length <= WIDTH.most)
    .slice(0, Number(values.limit))
  const folder = mkdtempSync(join(tmpdir(), 'repose-check-'))
  const store = openStore(join(folder, 'past.db'))
  const { id: worktree } = store.facts.worktree(root)
  try {
    const rows: Row[] = []
    let recipes: readonly Recipe[] = []
    for (const [at, commit] of [...commits].reverse().entries()) {
      const parent = (await git(root, ['rev-parse', `${commit.hash}^`])).trim()
      const paths = new Set(splitNul(await git(root, ['ls-tree', '-r', '-z', '--name-only', parent])))
      const repo = { root, head: parent, shallow: null }
      await learnCommits(repo, store, worktree, DEFAULTS, await reachableCommits(root, parent, DEFAULTS.maxCommits))
      if (at % RECIPES_EVERY === 0) recipes = mineRecipes((await readAdditions(root, parent)).additions, paths)
      const past = pastOf(store, worktree)
      const name = (changes: PastCommit['changes']): Named[] => {
        const before = changes.map(({ path, was }) => was ?? path)
        const among = new Set([...before, ...changes.map(({ path }) => path)])
        const created = changes.filter(({ path, was }) => was === null && !paths.has(path)).map(({ path }) => path)
        const found = likelyCompanions(past, before, (path) => paths.has(path) && !among.has(path)).map((one) => ({
          ...{ path: one.path, probability: one.probability, isRecipe: false },
        }))
        const steps = unfinished(recipes, { created, changed: [...among] }, past.pathsOfHashes)
          .filter(({ step }) => !found.some(({ path, probability }) => path === step.place && probability >= least))
          .map(({ step }) => ({ path: step.place, probability: 1, isRecipe: true }))
        return [...steps, ...found]
      }
      const known = commit.changes.filter(({ path, was }) => was === null && paths.has(path))
      if (known.length === 0) continue
      const hidden = known[Number.parseInt(commit.hash.slice(0, 8), 16) % known.length]!
      const row = {
        hidden: hidden.path,
        named: name(commit.changes.filter((change) => change !== hidden)),
        extra: name(commit.changes),
      }
      rows.push(row)
      if (values.lines) {
        const said = (some: readonly Named[]) => some.filter(({ probability }) => probability >= least)
        console.log(JSON.stringify({ commit: commit.hash, ...row, named: said(row.named), extra: said(row.extra) }))
      }
    }
    return rows
  } finally {
    store.close()
    rmSync(folder, { recursive: true })
  }
}

function print(name: string, rows: readonly Row[], from: number): void {
  const said = (some: readonly Named[]) => some.filter(({ probability }) => probability >= from)
  const named = rows.flatMap((row) => said(row.named).map((one) => ({ ...one, isRight: isRight(one, row) })))
  const right = named.filter((one) => one.isRight)
  const steps = named.filter(({ isRecipe }) => isRecipe)
  const percent = (part: number, whole: number) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(0)} %`)
  const warned = rows.filter((row) => said(row.extra).length > 0).length
  console.log(
    `| ${name} | ${rows.length} | ${right.length} (${percent(right.length, rows.length)}) | ${named.length} | ${percent(right.length, named.length)} | ${steps.filter((one) => one.isRight).length} of ${steps.length} | ${warned} (${percent(warned, rows.length)}) |`,
  )
}

/** A pattern is never right here: the hidden file existed before. */
function isRight({ path }: Named, { hidden }: Row): boolean {
  return path === hidden
}
