/**
 * Checks `repose ask` on questions with known answers: does its output contain the definition that answers?
 *
 *   node dist/bench/ask.js QUESTIONS REPOS CACHE [--out LEVELS.jsonl] [--against LEVELS.jsonl] [--show N]
 *
 * QUESTIONS: JSON lines as in bench/questions.jsonl. REPOS: a folder with a clone of each repository; it is not changed. CACHE: a
 * folder for checkouts and their databases, so a second run parses nothing. No model is called: a scripted one records its input.
 *
 * Prints the share of answers that are shown whole, in part (the declaration, a line in it, or three of its lines), only as a file, or
 * not at all: with a model and without, for each repository, for those used in tuning and for those held out. A question with several
 * answers counts each by its share. --against: also prints the difference to an earlier run with its 95 % interval. --show N: prints
 * the output for question N.
 */
import './bare-clones.ts'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { answerQuestion } from '../agents/feature/answer-question.ts'
import { estimate, mean } from '../src/backtest/interval.ts'
import { DEFAULTS } from '../src/config/defaults.ts'
import { refreshFacts } from '../src/indexing/refresh-facts.ts'
import { scriptedLlm } from '../src/llm/scripted-llm.ts'
import { openRepo } from '../src/repo/open-repo.ts'
import { openStore } from '../src/store/open-store.ts'
import { countTokens } from '../src/tokens/tokens.ts'
import { type KnownAnswer, LEVELS, type Level, levelShown } from './answer-shown.ts'
import { checkOut, cloneOf, cloneTo, quantile } from './past-tasks.ts'

interface KnownQuestion {
  readonly repository: string
  readonly commit: string
  readonly part: 'tuning' | 'held out'
  /** 'where', 'how', 'what-happens', 'option', 'callers' or 'why'. */
  readonly kind: string
  /** Words of a person who does not know the code, or the code's own words. */
  readonly words: 'lay' | 'code'
  readonly question: string
  /** All are needed; any alternative of each suffices. */
  readonly answers: readonly (readonly KnownAnswer[])[]
}

interface Row extends KnownQuestion {
  readonly toModel: readonly Level[]
  readonly alone: readonly Level[]
  readonly tokens: number
  readonly tokensAlone: number
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, against: { type: 'string' }, show: { type: 'string' } },
})
const [questionsFile, reposFolder, cache] = positionals
if (!questionsFile || !reposFolder || !cache) {
  console.error('usage: node dist/bench/ask.js QUESTIONS REPOS CACHE [--out LEVELS.jsonl] [--against LEVELS.jsonl]')
  process.exit(2)
}
const questions = readLines<KnownQuestion>(questionsFile)
const times: number[] = []
const rows: Row[] = []
mkdirSync(cache, { recursive: true })
for (const repository of new Set(questions.map((one) => one.repository))) {
  const own = questions.filter((one) => one.repository === repository)
  const root = join(cache, repository.replace('/', '+'))
  if (!existsSync(root)) {
    cloneTo(cloneOf(reposFolder, repository), root)
    checkOut(root, own[0]!.commit)
  }
  const repo = await openRepo(root)
  const store = openStore(`${root}.db`)
  const { signal } = new AbortController()
  const { worktree } = await refreshFacts(repo, store, { ...DEFAULTS, signal })
  for (const one of own) {
    const llm = scriptedLlm(['Yes.'])
    const started = performance.now()
    const alone = await answerQuestion(one.question, { repo, store, worktree, llm: null, signal })
    times.push(performance.now() - started)
    await answerQuestion(one.question, { repo, store, worktree, llm, signal })
    const shown = llm.requests[0]?.messages.map(({ content }) => content).join('\n') ?? ''
    const levels = (text: string) => one.answers.map((any) => levelShown(any, root, text))
    rows.push({
      ...one,
      toModel: levels(shown),
      alone: levels(alone.text),
      tokens: countTokens(shown),
      tokensAlone: countTokens(alone.text),
    })
    if (values.show === String(rows.length)) console.log(`${alone.text}\n\n=== to a model ===\n${shown}\n`)
  }
  store.close()
}

if (values.out) writeFileSync(values.out, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
const before = values.against ? readLines<Row>(values.against) : []
console.log(`${''.padEnd(24)} to a model: whole part file none tokens | alone: whole part file none tokens`)
for (const repository of new Set(rows.map((row) => row.repository)))
  print(repository, (row) => row.repository === repository)
for (const part of ['tuning', 'held out'] as const) {
  print(part, (row) => row.part === part)
  for (const words of ['lay', 'code'] as const)
    print(`  ${words} words`, (row) => row.part === part && row.words === words)
}
for (const kind of new Set(rows.map((row) => row.kind))) print(`  ${kind}`, (row) => row.kind === kind)
print('all', () => true)
console.log(
  `without a model, in process: median ${quantile(times, 0.5).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`,
)

function print(name: string, isMeant: (row: Row) => boolean): void {
  const some = rows.filter(isMeant)
  if (some.length === 0) return
  const shares = (of: (row: Row) => readonly Level[]) =>
    LEVELS.map((level) => percent(mean(some.map((row) => shareOf(of(row), level)))).padStart(5)).join('')
  const tokens = (of: (row: Row) => number) => mean(some.map(of)).toFixed(0).padStart(6)
  console.log(
    `${`${name} (${some.length})`.padEnd(35)} ${shares((row) => row.toModel)} ${tokens((row) => row.tokens)} |       ${shares((row) => row.alone)} ${tokens((row) => row.tokensAlone)}`,
  )
  if (before.length === 0) return
  const differences = (of: (row: Row) => readonly Level[]) => {
    const pairs = some.flatMap((row) => {
      const old = before.find((one) => one.repository === row.repository && one.question === row.question)
      return old ? [shareOf(of(row), 'whole') - shareOf(of(old), 'whole')] : []
    })
    const { mean: moved, low, high } = estimate(pairs)
    return `whole ${percent(moved)} (${percent(low)} to ${percent(high)})`
  }
  console.log(`${''.padEnd(35)} ${differences((row) => row.toModel)} | ${differences((row) => row.alone)}`)
}

function shareOf(levels: readonly Level[], level: Level): number {
  return levels.filter((one) => one === level).length / levels.length
}

function percent(share: number): string {
  return `${Math.round(100 * share)}`
}

function readLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}
