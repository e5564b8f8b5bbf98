/**
 * How often does a draft made asleep pass, and do more drafts help? Drafts past features at the commit before each, with the project's
 * own checks, and then runs the tests that the maintainers wrote for the feature, which no agent saw.
 *
 *   node dist/bench/drafts.js TASKS REPOS [TASK_ID...] --check "python -m pytest -q" --try
 *   OPENAI_BASE_URL=... REPOSE_MODEL=... node dist/bench/drafts.js TASKS REPOS TASK_ID... --check "python -m pytest -q" --out DRAFTS.jsonl
 *   node dist/bench/drafts.js --table DRAFTS.jsonl...
 *
 * TASKS, REPOS: as for bench/implement.ts. --prepare "npm install": runs in the clone first. --env NAME: a variable that checks get too.
 * --tests REGEX: the paths of tests. --try drafts nothing, and says of each feature whether it can be measured: the checks pass at the
 * base, fail there with the feature's tests, and pass with the whole feature. Run the second command once for each draft: a file has one
 * draft of each feature, made by a model that has not seen the others. --table gives, for 1, 2, 3 and 5 drafts, the mean over all
 * choices of so many of them: features of which one draft passes the checks, features whose kept draft passes the maintainers' tests
 * too, and tokens. Kept is the first that passes the checks; further drafts are made only while none passes, as in a night.
 */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { draftBacklog } from '../agents/night/draft-backlog.ts'
import { keyOfWords } from '../src/backlog/read-items.ts'
import { mean } from '../src/backtest/interval.ts'
import { groupBy } from '../src/groups.ts'
import { requestOf } from '../src/history/mine-features.ts'
import { learnRecipes } from '../src/indexing/learn-recipes.ts'
import { refreshFacts } from '../src/indexing/refresh-facts.ts'
import { Budget } from '../src/llm/budget.ts'
import type { Repo } from '../src/repo/open-repo.ts'
import { openStore } from '../src/store/open-store.ts'
import { NOTHING_MORE } from '../src/verify/cage/cage.ts'
import { isCage, openCage } from '../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../src/verify/check-environment.ts'
import { runChecks } from '../src/verify/run-checks.ts'
import { tasksOf } from './past-features.ts'
import { openTask, type PastTask } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'string', default: 'npm test' },
    prepare: { type: 'string' },
    env: { type: 'string', multiple: true, default: [] },
    tests: { type: 'string', default: '(^|/)(tests?|__tests__|spec)/' },
    out: { type: 'string' },
    try: { type: 'boolean' },
    table: { type: 'boolean' },
  },
})

/** One draft of one feature. */
interface DraftLine {
  readonly task: string
  readonly state: string
  /** The checks of the night: null if there is no draft. */
  readonly passes: boolean | null
  /** The maintainers' tests of the feature too. */
  readonly isRight: boolean
  readonly calls: number
  readonly tokens: number
  readonly changed: readonly string[]
  readonly reason: string | null
}

if (values.table) printTable(positionals.flatMap(readLines))
else await measure()

async function measure(): Promise<void> {
  const [tasksFile, reposFolder, ...wanted] = positionals
  if (!tasksFile || !reposFolder) {
    console.error(
      'usage: node dist/bench/drafts.js TASKS REPOS [TASK_ID...] --check COMMAND [--prepare COMMAND] [--try] [--out DRAFTS.jsonl]',
    )
    process.exit(2)
  }
  const scratch = mkdtempSync(join(tmpdir(), 'repose-drafts-'))
  try {
    const tasks = await tasksOf(tasksFile, reposFolder)
    for (const task of tasks.filter((one) => wanted.length === 0 || wanted.includes(one.task_id))) {
      const opened = await openTask(task, reposFolder, scratch)
      const { root } = opened.repo
      if (values.prepare) execFileSync('sh', ['-c', values.prepare], { cwd: root, stdio: 'ignore' })
      if (values.try) console.log(task.task_id, await canBeMeasured(root, task), task.title)
      else {
        const line = await draftOnce(task, opened, join(scratch, `${task.task_id}.db`))
        console.log(JSON.stringify(line))
        if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`)
      }
      rmSync(root, { recursive: true, force: true })
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** 'yes', or what keeps the feature from being measured. */
async function canBeMeasured(root: string, task: PastTask): Promise<string> {
  if (!(await passes(root))) return 'no: the checks fail before'
  withTests(root, task)
  if (await passes(root)) return 'no: its tests pass without it'
  git(root, 'checkout', '--quiet', '--force', featureOf(root, task))
  return (await passes(root)) ? 'yes' : 'no: the checks fail after it'
}

async function draftOnce(
  task: PastTask,
  { repo, config, llm }: Awaited<ReturnType<typeof openTask>>,
  db: string,
): Promise<DraftLine> {
  const store = openStore(db)
  try {
    const { worktree } = await refreshFacts(repo, store, config)
    await learnRecipes(repo, store)
    const request = requestOf(task)
    const { id } = store.backlog.add(
      { source: 'hand', key: keyOfWords(request), url: null, author: null, request, isApproved: true },
      Date.now(),
    )
    await draftBacklog({
      ...{ repo, store, worktree, drafts: 1, forecasts: false, checks: [values.check], checkTimeoutMs: 600_000 },
      cage: { ...config.cage, env: values.env },
      maxFileBytes: config.maxFileBytes,
      pass: store.ledger.startPass(Date.now(), llm.model, repo.root),
      llm,
      budget: new Budget({}, null),
      price: null,
      signal: new AbortController().signal,
      clock: Date.now,
      recorded: false,
    })
    const { state, reason } = store.backlog.get(id)!
    const draft = store.backlog.draft(id)
    const { calls, tokens } = store.backlog.cost(id)
    return {
      ...{ task: task.task_id, state, calls, tokens, reason, changed: draft?.files ?? [] },
      passes: draft?.commit ? draft.checks.length > 0 && draft.checks.every(({ status }) => status === 'passed') : null,
      isRight: draft?.commit ? await isRight(repo, draft.commit, task) : false,
    }
  } finally {
    store.close()
  }
}

async function isRight({ root }: Repo, draft: string, task: PastTask): Promise<boolean> {
  git(root, 'checkout', '--quiet', '--force', draft)
  withTests(root, task)
  return passes(root)
}

/** Puts the tests of the feature in the place of those that are there. */
function withTests(root: string, task: PastTask): void {
  const commit = featureOf(root, task)
  const isTest = new RegExp(values.tests)
  const changed = git(root, 'diff', '--name-only', '--no-renames', '-z', task.base_commit, commit)
    .split('\0')
    .filter((path) => isTest.test(path))
  for (const path of changed) {
    if (git(root, 'ls-tree', commit, '--', path) === '') rmSync(join(root, path), { force: true })
    else git(root, 'checkout', '--quiet', commit, '--', path)
  }
}

/** The commit whose task this is: a task's id ends with it. */
function featureOf(root: string, { task_id }: PastTask): string {
  return git(root, 'rev-parse', '--verify', `${task_id.split('-').at(-1)}^{commit}`).trim()
}

async function passes(root: string): Promise<boolean> {
  const cage = await openCage({ root }, NOTHING_MORE, checkEnvironment(process.env, values.env))
  const [result] = await runChecks(root, [{ name: 'check', command: values.check, timeoutMs: 600_000 }], {
    cage: isCage(cage) ? cage : null,
    env: values.env,
  })
  if (result!.status !== 'passed') process.stderr.write(`${result!.output.slice(-600)}\n`)
  return result!.status === 'passed'
}

function readLines(file: string): DraftLine[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DraftLine)
}

function printTable(lines: readonly DraftLine[]): void {
  const features = [...groupBy(lines, ({ task }) => task).values()]
  console.log(`${features.length} features, ${lines.length} drafts`)
  console.log('drafts  pass the checks  right too  tokens a feature  drafts made')
  for (const n of [1, 2, 3, 5]) {
    const kept = features.flatMap((drafts) => {
      const nights = choices(drafts, n).map(night)
      return nights.length === 0 ? [] : [average(nights)]
    })
    if (kept.length < features.length) continue
    const { passes, right, tokens, made } = average(kept)
    console.log(
      `${n}       ${share(passes)}            ${share(right)}      ${Math.round(tokens)}            ${made.toFixed(2)}`,
    )
  }
}

interface Night {
  readonly passes: number
  readonly right: number
  readonly tokens: number
  readonly made: number
}

/** Drafts in this order until one passes; that one is kept, or else the first. */
function night(drafts: readonly DraftLine[]): Night {
  const at = drafts.findIndex(({ passes }) => passes)
  const made = at < 0 ? drafts : drafts.slice(0, at + 1)
  const kept = drafts[Math.max(at, 0)]!
  return {
    passes: at < 0 ? 0 : 1,
    right: kept.isRight ? 1 : 0,
    tokens: made.reduce((sum, { tokens }) => sum + tokens, 0),
    made: made.length,
  }
}

function average(nights: readonly Night[]): Night {
  const of = (key: keyof Night) => mean(nights.map((one) => one[key]))
  return { passes: of('passes'), right: of('right'), tokens: of('tokens'), made: of('made') }
}

/** All ordered choices of n of them. */
function choices<T>(from: readonly T[], n: number): T[][] {
  if (n === 0) return [[]]
  return from.flatMap((one, i) => choices(from.toSpliced(i, 1), n - 1).map((rest) => [one, ...rest]))
}

function share(of: number): string {
  return of.toFixed(2)
}

function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
