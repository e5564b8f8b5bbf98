/**
 * One look of a model at the deep list of each past feature: which files does it name?
 *
 *   OPENAI_BASE_URL=... REPOSE_MODEL=... node dist/bench/select.js TASKS REPOS CACHE [--paths-alone] [--at-once N] [--out RESULTS.jsonl]
 *
 * TASKS, REPOS: as for bench/ranking.ts. CACHE: a folder for the facts of past commits. Source files only. Without a model, prints the
 * cost of the prompts and the score of a perfect choice from the lists.
 */

import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import PQueue from 'p-queue'
import { askForChoice, type SelectPrompt, selectPrompt } from '../agents/feature/select-files.ts'
import { f1, precision, recall } from '../src/backtest/file-score.ts'
import { mean } from '../src/backtest/interval.ts'
import { requestOf } from '../src/history/mine-features.ts'
import { openLlm } from '../src/llm/open-llm.ts'
import { isSource } from '../src/paths.ts'
import { readRequest } from '../src/request/read-request.ts'
import { nameFiles } from '../src/retrieve/name-files.ts'
import { rankFiles } from '../src/retrieve/rank-files.ts'
import { countTokens } from '../src/tokens/tokens.ts'
import { tasksOf, visitPast } from './past-features.ts'
import type { PastTask } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'paths-alone': { type: 'boolean' }, 'at-once': { type: 'string', default: '8' }, out: { type: 'string' } },
})
const [tasksFile, reposFolder, cache] = positionals
if (!tasksFile || !reposFolder || !cache) {
  console.error('usage: node dist/bench/select.js TASKS REPOS CACHE [--at-once N] [--out RESULTS.jsonl]')
  process.exit(2)
}
const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey, REPOSE_MODEL: model } = process.env
const looks: { task: PastTask; prompt: SelectPrompt; named: string[] }[] = []
await visitPast(await tasksOf(tasksFile, reposFolder), reposFolder, cache, async (task, { store, worktree }) => {
  const request = requestOf(task)
  const files = nameFiles(rankFiles(store, worktree, readRequest(request)))
  const named = files.filter(({ role }) => role === 'modify').map(({ path }) => path)
  const known = new Set(store.facts.readableFiles(worktree).map(({ path }) => path)) // when the reply comes, the facts are of another commit
  const prompt = {
    ...(await selectPrompt(readRequest(request), files, { store, worktree })),
    exists: (path: string) => known.has(path),
  }
  looks.push({ task, named, prompt: values['paths-alone'] ? pathsAlone(prompt) : prompt })
})
const tokens = looks.map(({ prompt }) => countTokens(prompt.messages.map(({ content }) => content).join('\n')))
console.log(
  `${looks.length} tasks, input tokens a task: mean ${mean(tokens).toFixed(0)}, at most ${Math.max(...tokens)}`,
)
report(
  'named by the ranking',
  looks.map(({ named }) => named),
)
report(
  'a perfect choice from the list',
  looks.map(({ task, prompt }) => prompt.listed.filter((path) => task.modified_source_files.includes(path))),
)
if (model) {
  const llm = openLlm({
    model,
    timeoutMs: 3_600_000,
    stream: true,
    baseUrl,
    apiKey,
  })
  const queue = new PQueue({ concurrency: Number(values['at-once']) })
  const chosen = await queue.addAll(
    looks.map(({ task, prompt }) => async () => {
      const { chosen: files, problem } = await askForChoice(llm, prompt)
      if (problem) console.error(`${task.task_id}: ${problem}`)
      if (values.out) appendFileSync(values.out, `${JSON.stringify({ task_id: task.task_id, files, problem })}\n`)
      return files ?? []
    }),
  )
  report(`chosen by ${model}`, chosen)
  for (const repo of new Set(looks.map(({ task }) => task.repo))) {
    const own = looks.map(({ task }, i) => ({ task, files: chosen[i]! })).filter(({ task }) => task.repo === repo)
    console.log(
      `  ${repo}: F1 ${mean(own.map(({ task, files }) => f1(files.filter(isSource), task.modified_source_files))).toFixed(3)}`,
    )
  }
}

/** The list without the evidence beside the paths, to measure what that is worth. */
function pathsAlone(prompt: SelectPrompt): SelectPrompt {
  const bare = prompt.messages.map((message) =>
    message.role === 'user'
      ? { ...message, content: message.content.replace(/^(\d+ [^\n:(]+?)(:.*| \(with.*)$/gm, '$1') }
      : message,
  )
  return { ...prompt, messages: bare }
}

function report(name: string, lists: readonly (readonly string[])[]): void {
  const of = (score: typeof f1) =>
    mean(lists.map((list, i) => score(list.filter(isSource), looks[i]!.task.modified_source_files))).toFixed(3)
  console.log(`${name}: precision ${of(precision)}, recall ${of(recall)}, F1 ${of(f1)}`)
}
