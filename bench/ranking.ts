/**
 * Ranks the files of past features and scores the lists, each at the commit before the feature, with only its ancestors known.
 *
 *   node dist/bench/ranking.js TASKS.jsonl REPOS [--title-only] [--out PREDICTIONS.jsonl]
 *
 * TASKS: lines {task_id, repo: 'owner/name', base_commit, title, body, modified_source_files}. REPOS: a folder that holds a
 * clone of each; it is cloned again into a scratch folder, and nothing is changed in it.
 * Prints R@5/10/20/50 and F1@5 over source files for full text alone (BM25 with fields) and for repose.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { refreshFacts } from '../agents/sleep/refresh-facts.ts'
import { readConfig } from '../src/config.ts'
import { kindOfPath } from '../src/paths.ts'
import { openRepo } from '../src/repo/open-repo.ts'
import { nameFiles } from '../src/retrieve/name-files.ts'
import { rankFiles } from '../src/retrieve/rank-files.ts'
import { requestTerms } from '../src/retrieve/request-terms.ts'
import { openStore } from '../src/store/open-store.ts'
import { checkOut, cloneOf, cloneTo, f1, mean, quantile, readTasks, recall } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'title-only': { type: 'boolean' }, out: { type: 'string' } },
})
const [tasksFile, reposFolder] = positionals
if (!tasksFile || !reposFolder) {
  console.error('usage: node dist/bench/ranking.js TASKS.jsonl REPOS [--title-only] [--out PREDICTIONS.jsonl]')
  process.exit(2)
}
const tasks = readTasks(tasksFile)
const scratch = mkdtempSync(join(tmpdir(), 'repose-ranking-'))
const rows: { task: (typeof tasks)[number]; text: string[]; repose: string[]; named: string[]; ms: number }[] = []
try {
  for (const repo of new Set(tasks.map((task) => task.repo))) {
    const clone = join(scratch, repo.replace('/', '+'))
    cloneTo(cloneOf(reposFolder, repo), clone)
    const store = openStore(join(clone, '.git/repose/repose.db'))
    for (const task of tasks.filter((one) => one.repo === repo)) {
      checkOut(clone, task.base_commit)
      const { worktree } = await refreshFacts(await openRepo(clone), store, await readConfig(clone))
      const request = values['title-only'] ? task.title : `${task.title}\n\n${task.body}`
      const started = performance.now()
      const files = nameFiles(rankFiles(store, worktree, request))
      const ms = performance.now() - started
      const text = store.search.find(worktree, requestTerms(request).terms, 400).map((hit) => hit.path)
      rows.push({
        task,
        text: text.filter(isSource),
        repose: files.map((file) => file.path).filter(isSource),
        named: files
          .filter((file) => file.role === 'modify')
          .map((file) => file.path)
          .filter(isSource),
        ms,
      })
      process.stderr.write('.')
    }
    store.close()
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.stderr.write('\n')
if (values.out)
  writeFileSync(
    values.out,
    rows
      .map((row) => `${JSON.stringify({ task_id: row.task.task_id, files: row.repose, ms: Math.round(row.ms) })}\n`)
      .join(''),
  )
console.log(
  `${tasks.length} tasks, ${values['title-only'] ? 'title' : 'title + text'}, source files\n           R@5   R@10  R@20  R@50  F1@5`,
)
for (const name of ['text', 'repose'] as const) {
  const cells = [
    ...[5, 10, 20, 50].map((k) =>
      mean(rows.map((row) => recall(row[name].slice(0, k), row.task.modified_source_files))),
    ),
    mean(rows.map((row) => f1(row[name].slice(0, 5), row.task.modified_source_files))),
  ]
  console.log(`${(name === 'text' ? 'full text' : name).padEnd(10)} ${cells.map((cell) => cell.toFixed(3)).join(' ')}`)
}
console.log(
  `files that repose names: F1 ${mean(rows.map((row) => f1(row.named, row.task.modified_source_files))).toFixed(3)}, ${mean(rows.map((row) => row.named.length)).toFixed(1)} a task`,
)
console.log(
  `ranking, in process: median ${quantile(
    rows.map((row) => row.ms),
    0.5,
  ).toFixed(0)} ms, p95 ${quantile(
    rows.map((row) => row.ms),
    0.95,
  ).toFixed(0)} ms`,
)

function isSource(path: string): boolean {
  return kindOfPath(path) === 'source'
}
