/**
 * Puts past features into the backlog at the commit before each, drafts them asleep, and applies the drafts.
 *
 *   OPENAI_BASE_URL=... REPOSE_MODEL=... node dist/bench/night.js TASKS REPOS TASK_ID... [--drafts N] [--out RESULTS.jsonl]
 *
 * TASKS, REPOS and scores: as for bench/implement.ts, whose arm agent-low is the same agent awake. No check runs: the dependencies of a past
 * commit are seldom installed. A line has what the night spent, the plan (what the agent asked to see: `bench/implement.ts --plans` starts from
 * it), the F1 of the draft, and how long `repose backlog apply` took, which calls no model.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { draftBacklog } from '../agents/night/draft-backlog.ts'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { keyOfWords } from '../src/backlog/read-items.ts'
import { fileScore } from '../src/backtest/file-score.ts'
import { requestOf } from '../src/history/mine-features.ts'
import { learnRecipes } from '../src/indexing/learn-recipes.ts'
import { refreshFacts } from '../src/indexing/refresh-facts.ts'
import { Budget } from '../src/llm/budget.ts'
import { isSource } from '../src/paths.ts'
import { openStore } from '../src/store/open-store.ts'
import { tasksOf } from './past-features.ts'
import { openTask } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { drafts: { type: 'string', default: '1' }, out: { type: 'string' } },
})
const drafts = Number(values.drafts)
const [tasksFile, reposFolder, ...wanted] = positionals
if (!tasksFile || !reposFolder || wanted.length === 0 || !(drafts >= 1)) {
  console.error('usage: node dist/bench/night.js TASKS REPOS TASK_ID... [--drafts N] [--out RESULTS.jsonl]')
  process.exit(2)
}
const scratch = mkdtempSync(join(tmpdir(), 'repose-night-'))
try {
  const tasks = await tasksOf(tasksFile, reposFolder)
  for (const task of tasks.filter((one) => wanted.includes(one.task_id))) {
    const { repo, config, llm } = await openTask(task, reposFolder, scratch)
    const db = join(scratch, `${task.task_id}.db`)
    const store = openStore(db)
    const { worktree } = await refreshFacts(repo, store, config)
    await learnRecipes(repo, store)
    const request = requestOf(task)
    const { id } = store.backlog.add(
      { source: 'hand', key: keyOfWords(request), url: null, author: null, request, isApproved: true },
      Date.now(),
    )
    const night = await draftBacklog({
      ...{ repo, store, worktree, drafts, forecasts: false, checks: [], checkTimeoutMs: 1, cage: config.cage },
      maxFileBytes: config.maxFileBytes,
      pass: store.ledger.startPass(Date.now(), llm.model, repo.root),
      llm,
      budget: new Budget({}, null),
      price: null,
      signal: new AbortController().signal,
      clock: Date.now,
      recorded: false,
    })
    const item = store.backlog.get(id)!
    const draft = store.backlog.draft(id)
    const cost = store.backlog.cost(id)
    const isKnown = (path: string) => store.facts.isReadable(worktree, path) // new files count neither for nor against
    const changed = draft?.commit ? draft.files.filter(isKnown) : []
    store.close()
    const applyMs = draft?.commit ? apply(repo.root, db, id) : null
    const line = {
      task: task.task_id,
      drafts,
      plan: draft?.plan ?? [],
      state: item.state,
      reason: item.reason,
      questions: item.questions,
      stop: night.stop,
      calls: cost.calls,
      tokens: cost.tokens,
      applyMs,
      source: fileScore(changed.filter(isSource), task.modified_source_files),
      all: fileScore(changed, task.modified_files),
      changed,
      gold: task.modified_files,
    }
    console.log(JSON.stringify(line, null, 1))
    if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** Milliseconds of the whole command. Throws if it fails. */
function apply(clone: string, db: string, id: number): number {
  const startedAt = performance.now()
  const args = ['--repo', clone, '--db', db, 'backlog', 'apply', String(id), '--yes']
  const { status, stderr } = spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args], {
    env: { ...process.env, OPENAI_BASE_URL: '', OPENAI_API_KEY: '' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the draft could not be applied: ${stderr}`)
  return Math.round(performance.now() - startedAt)
}
