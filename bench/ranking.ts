/**
 * Ranks the files of past features and scores the lists, each at the commit before the feature, with only its ancestors known.
 *
 *   node dist/bench/ranking.js TASKS.jsonl REPOS [--title-only] [--signals FILE] [--out PREDICTIONS.jsonl]
 *
 * TASKS: lines {task_id, repo: 'owner/name', base_commit, title, body, modified_source_files}. REPOS: a folder that holds a
 * clone of each, as owner+name, owner/name or name. Each clone is checked out anew in a scratch folder; nothing is changed in it.
 * Prints R@5/10/20/50 and F1@5 over source files for plain BM25 (content and path) and for repose.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { refreshFacts } from '../agents/sleep/refresh-facts.ts'
import { readConfig } from '../src/config.ts'
import { kindOfPath } from '../src/paths.ts'
import { openRepo } from '../src/repo/open-repo.ts'
import { nameFiles } from '../src/retrieve/name-files.ts'
import { gatherSignals } from '../src/retrieve/rank-files.ts'
import { requestTerms } from '../src/retrieve/request-terms.ts'
import { combine } from '../src/retrieve/score.ts'
import { openStore } from '../src/store/open-store.ts'

interface Task {
  readonly task_id: string
  readonly repo: string
  readonly base_commit: string
  readonly title: string
  readonly body: string
  readonly modified_source_files: readonly string[]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'title-only': { type: 'boolean' }, signals: { type: 'string' }, out: { type: 'string' } },
})
const [tasksFile, reposFolder] = positionals
if (!tasksFile || !reposFolder) {
  console.error('usage: node dist/bench/ranking.js TASKS.jsonl REPOS [--title-only] [--signals FILE] [--out PREDICTIONS.jsonl]')
  process.exit(2)
}
const tasks = readFileSync(tasksFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Task)
const scratch = mkdtempSync(join(tmpdir(), 'repose-ranking-'))
const lists: Record<'bm25' | 'repose', string[][]> = { bm25: [], repose: [] }
const named: string[][] = []
const predictions: string[] = []
const dumps: string[] = []
const times: number[] = []
try {
  for (const repo of new Set(tasks.map((task) => task.repo))) {
    const clone = join(scratch, repo.replace('/', '+'))
    git(scratch, 'clone', '--quiet', '--shared', '--no-checkout', cloneOf(repo), clone)
    const store = openStore(join(clone, '.git/repose/repose.db'))
    for (const task of tasks.filter((one) => one.repo === repo)) {
      checkOut(clone, task.base_commit)
      const { worktree } = await refreshFacts(await openRepo(clone), store, readConfig(clone))
      const request = values['title-only'] ? task.title : `${task.title}\n\n${task.body}`
      const started = performance.now()
      const question = { store, worktree, request: requestTerms(request) }
      const signals = gatherSignals(question)
      const ranked = combine(signals).filter(({ path }) => store.facts.isReadable(worktree, path))
      times.push(performance.now() - started)
      const files = nameFiles(ranked)
      lists.bm25.push([...signals.words.keys()])
      lists.repose.push(files.map((file) => file.path))
      named.push(files.filter((file) => file.role === 'modify').map((file) => file.path))
      predictions.push(JSON.stringify({ task_id: task.task_id, files: files.map((file) => file.path), ms: Math.round(times.at(-1)!) }))
      if (values.signals) dumps.push(JSON.stringify({ task_id: task.task_id, gold: task.modified_source_files, readable: ranked.map((r) => r.path), signals: Object.fromEntries(Object.entries(signals).map(([name, hits]) => [name, Object.fromEntries([...hits].map(([path, hit]) => [path, hit.score]))])) }))
      process.stderr.write('.')
    }
    store.close()
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.stderr.write('\n')
if (values.out) writeFileSync(values.out, `${predictions.join('\n')}\n`)
if (values.signals) writeFileSync(values.signals, `${dumps.join('\n')}\n`)
const gold = tasks.map((task) => task.modified_source_files)
console.log(`${tasks.length} tasks, ${values['title-only'] ? 'title' : 'title + text'}, source files`)
console.log('          R@5   R@10  R@20  R@50  F1@5')
for (const [name, ranked] of Object.entries(lists)) {
  const source = ranked.map((paths) => paths.filter((path) => kindOfPath(path) === 'source'))
  const cells = [...[5, 10, 20, 50].map((k) => mean(source.map((paths, i) => recall(paths.slice(0, k), gold[i]!)))), mean(source.map((paths, i) => f1(paths.slice(0, 5), gold[i]!)))]
  console.log(`${name.padEnd(8)} ${cells.map((cell) => cell.toFixed(3)).join(' ')}`)
}
const sets = named.map((paths) => paths.filter((path) => kindOfPath(path) === 'source'))
console.log(`files that repose names: F1 ${mean(sets.map((paths, i) => f1(paths, gold[i]!))).toFixed(3)}, ${mean(sets.map((paths) => paths.length)).toFixed(1)} a task`)
console.log(`ranking in process: median ${quantile(times, 0.5).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`)

function cloneOf(repo: string): string {
  const names = [repo.replace('/', '+'), join(repo.replace('/', '+'), 'repo'), repo, repo.split('/')[1]!]
  const found = names.map((name) => resolve(reposFolder!, name)).find((path) => existsSync(path) && (existsSync(join(path, '.git')) || existsSync(join(path, 'HEAD'))))
  if (!found) throw new Error(`no clone of ${repo} in ${reposFolder}`)
  return found
}

/** Like git checkout, but goes on where the clone lacks a blob (partial and size-limited clones). */
function checkOut(clone: string, commit: string): void {
  git(clone, 'update-ref', '--no-deref', 'HEAD', commit)
  git(clone, 'read-tree', '--reset', commit)
  git(clone, 'clean', '-fdqx')
  try {
    git(clone, 'checkout-index', '--all', '--force', '--quiet')
  } catch {
    process.stderr.write('(some files cannot be had) ')
  }
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

function recall(paths: readonly string[], wanted: readonly string[]): number {
  return wanted.filter((path) => paths.includes(path)).length / wanted.length
}

function f1(paths: readonly string[], wanted: readonly string[]): number {
  const hits = wanted.filter((path) => paths.includes(path)).length
  return hits === 0 ? 0 : (2 * hits) / (paths.length + wanted.length)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function quantile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))]!
}
