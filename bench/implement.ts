/**
 * Runs an agent on past features and scores the files it modified, at the commit before each, with only its ancestors known.
 *
 *   OPENAI_BASE_URL=... REPOSE_MODEL=... node dist/bench/implement.js TASKS REPOS TASK_ID...
 *     [--arm plain-agent|served-agent|delegating-agent|agent-low|agent-high|agent-auto] [--steps 24] [--more MORE.tsv] [--plans NIGHT.jsonl] [--out RESULTS.jsonl]
 *
 * TASKS: a feature list like bench/agent-features.tsv (TASK_ID: name-commit, as httpx-f8981f3), or a .jsonl with lines {task_id, repo,
 * base_commit, title, body, modified_files, modified_source_files}. REPOS: as for bench/ranking.ts. bench/agent-table.ts makes the table.
 * MORE: lines TASK_ID<TAB>words, what the request asks for beyond the feature. NIGHT: the results of bench/night.ts; agent-low starts from the
 * plan of the feature that the night made, as `repose implement` does with a request that goes beyond a draft.
 * New files count neither for nor against. No check runs: the dependencies of a past commit are seldom installed.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AGENT_ARMS, type AgentArmId } from '../agents/plain/arm-names.ts'
import { runAgentArm } from '../agents/plain/arms.ts'
import { fileScore } from '../src/backtest/file-score.ts'
import { requestOf } from '../src/history/mine-features.ts'
import { learnRecipes } from '../src/indexing/learn-recipes.ts'
import { refreshFacts } from '../src/indexing/refresh-facts.ts'
import { isSource } from '../src/paths.ts'
import { openStore } from '../src/store/open-store.ts'
import { tasksOf } from './past-features.ts'
import { openTask } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    arm: { type: 'string', default: 'agent-auto' },
    steps: { type: 'string', default: '24' },
    more: { type: 'string' },
    plans: { type: 'string' },
    out: { type: 'string' },
  },
})
const arm = values.arm as AgentArmId
const steps = Number(values.steps)
const [tasksFile, reposFolder, ...wanted] = positionals
if (!tasksFile || !reposFolder || wanted.length === 0 || !AGENT_ARMS.includes(arm) || !(steps >= 1)) {
  console.error(
    `usage: node dist/bench/implement.js TASKS REPOS TASK_ID... [--arm ${AGENT_ARMS.join('|')}] [--steps 24] [--out RESULTS.jsonl]`,
  )
  process.exit(2)
}
const more = new Map(values.more ? rows(values.more).map((row) => row.split('\t') as [string, string]) : [])
const plans = new Map(values.plans ? rows(values.plans).map(planOf) : [])
const scratch = mkdtempSync(join(tmpdir(), 'repose-implement-'))
try {
  const tasks = await tasksOf(tasksFile, reposFolder)
  for (const task of tasks.filter((one) => wanted.includes(one.task_id))) {
    const { repo, config, llm } = await openTask(task, reposFolder, scratch)
    const store = openStore(join(scratch, `${task.task_id}.db`))
    const worktree = arm === 'plain-agent' ? 0 : (await refreshFacts(repo, store, config)).worktree
    if (arm !== 'plain-agent') await learnRecipes(repo, store)
    const startedAt = Date.now()
    const request = [requestOf(task), more.get(task.task_id)].filter(Boolean).join('\n\n')
    const plan = plans.get(task.task_id)
    const result = await runAgentArm(arm, request, {
      ...{ repo, store, worktree, llm, steps, plan },
      budgetTokens: Number.POSITIVE_INFINITY,
      signal: new AbortController().signal,
    })
    const changed = [...result.modified, ...result.deleted]
    const source = changed.filter(isSource)
    const { calls, inputTokens, cachedTokens, outputTokens } = result.usage
    const line = {
      task: task.task_id,
      arm,
      steps,
      effort: result.effort,
      isFromPlan: plan !== undefined,
      stop: result.stop,
      reason: result.reason,
      calls,
      inputTokens,
      cachedTokens,
      outputTokens,
      servedTokens: result.servedUsage.inputTokens + result.servedUsage.outputTokens,
      tokens: inputTokens + outputTokens,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      all: fileScore(changed, task.modified_files),
      source: fileScore(source, task.modified_source_files),
      changed,
      created: result.created,
      gold: task.modified_files,
    }
    if (result.stop === 'model-failed') process.stderr.write(`${task.task_id}: ${result.reason}\n`)
    console.log(JSON.stringify(line, null, 1))
    if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`)
    store.close()
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function rows(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean)
}

function planOf(row: string): [string, readonly string[]] {
  const { task, plan } = JSON.parse(row) as { readonly task: string; readonly plan: readonly string[] }
  return [task, plan]
}
