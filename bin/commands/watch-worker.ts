/**
 * The daemon's worker, a process of its own: its memory is freed when it ends, and its crashes do not harm the daemon. Started by
 * watch-work.ts with the repository and the database; ends with its parent.
 */
import '../../src/processes/engine.ts'
import { setMaxListeners } from 'node:events'
import { reasonInFull, type SleepReport } from '../../agents/sleep/sleep-report.ts'
import { takeKeys } from '../../src/config/keys.ts'
import { type Config, readConfig } from '../../src/config/read-config.ts'
import { budgetOf, capLeft, fixOfSettings, readSpent } from '../../src/daemon/caps.ts'
import type { Money, Order, Refreshed, Thought } from '../../src/daemon/work.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { configuredLlm } from '../../src/llm/configured-llm.ts'
import { priceOf } from '../../src/llm/prices.ts'
import { absoluteLibraries } from '../../src/processes/own-environment.ts'
import { git } from '../../src/repo/git.ts'
import { openRepo, type Repo } from '../../src/repo/open-repo.ts'
import { workIn } from '../../src/repo/trees-around.ts'
import { asUserError } from '../../src/store/db-errors.ts'
import { openStore } from '../../src/store/open-store.ts'
import { loadChunksSoon } from '../load-chunks.ts'

export type WorkerOrder = { readonly id: number } & (
  | { readonly do: 'refresh' }
  | { readonly do: 'think'; readonly order: Order }
  | { readonly do: 'stop' }
)

export type WorkerMessage =
  | { readonly id: number; readonly result: Refreshed | Thought }
  | { readonly id: number; readonly problem: string }
  | { readonly id: number; readonly subject: string; readonly done: number; readonly total: number }

takeKeys()
Object.assign(process.env, absoluteLibraries(process.env))
const [root, db, ...alongside] = process.argv.slice(2) as [string, string, ...string[]]
for (const folder of [root, ...alongside]) workIn(folder)
const store = openStore(db)
const PASS_ENDS_MS = 400 // less than the daemon waits after Ctrl-C, so that children end with it
let pass: AbortController | null = null

// these signals reach the whole group: the daemon decides when to end
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('SIGHUP', () => {})
process.on('disconnect', () => {
  if (!pass) process.exit(0) // the daemon does not need it, or was killed; everything saved is complete
  pass.abort()
  setTimeout(() => process.exit(0), PASS_ENDS_MS)
})
process.on('message', async (request: WorkerOrder) => {
  const { id } = request
  if (request.do === 'stop') return pass?.abort()
  try {
    const result = request.do === 'refresh' ? await refresh() : await think(request.order, id)
    send({ id, result })
  } catch (error) {
    const known = asUserError(error, db) as Error
    send({ id, problem: known.message.split('\n')[0]! })
  }
})

function send(answer: WorkerMessage): void {
  if (process.connected) process.send!(answer)
}

let place: Promise<Repo> | null = null

async function bringUpToDate() {
  place ??= openRepo(root).catch((error) => {
    place = null
    throw error
  })
  // only HEAD of a repository changes, and one git process is faster than three
  const head = place.then(() => git(root, ['rev-parse', '--verify', 'HEAD']))
  const [known, now, config] = await Promise.all([place, head, readConfig(root, { db })])
  const repo = { ...known, head: now.trim() }
  return { repo, config, report: await refreshFacts(repo, store, config) }
}

async function refresh(): Promise<Refreshed> {
  const started = performance.now()
  const { config, report } = await bringUpToDate()
  return { changed: report.changed, files: report.files, ms: performance.now() - started, ...(await moneyOf(config)) }
}

async function think({ grade }: Order, id: number): Promise<Thought> {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal) // as in interrupt.ts
  pass = controller
  const loading = loadChunksSoon()
  try {
    const { repo, config, report } = await bringUpToDate()
    const { budget, spent } = await moneyOf(config)
    const { changed, worktree } = report
    if (controller.signal.aborted) return ended('woken', null, changed, await moneyOf(config))
    const waiting = grade === 'short' && budget.kind === 'left' ? requestsToDraft(config) : 0
    if (waiting > 0) return ended('kept', keptFor(waiting), changed, await moneyOf(config))
    if (budget.kind === 'reached') return ended('budget', budget.why, changed, await moneyOf(config))
    // a worker that only refreshes facts starts in half the processor time without these
    const [{ awakeModel, backlogSettings }, { runSleepPass }, { batchesFor }] = await Promise.all([
      import('../../agents/night/night-settings.ts'),
      import('../../agents/sleep/agent.ts'),
      import('../model-for.ts'),
    ])
    const llm = budget.kind === 'free' ? null : await configuredLlm(config, 'sleep')
    const limit = budget.kind === 'left' ? budget : { tokens: null, usd: null }
    // a short pass would run the checks minutes after the last edit
    const drafts = config.backlog.draft && budget.kind === 'left' && grade !== 'short'
    const tokens = Math.min(limit.tokens ?? Infinity, grade === 'short' ? config.watch.shortTokens : Infinity)
    const done = await runSleepPass({
      repo,
      store,
      worktree,
      llm,
      price: llm ? priceOf(llm.model, config.prices, config.baseUrl) : null,
      budget: { tokens, usd: limit.usd ?? undefined },
      raise: fixOfSettings(
        tokens < (limit.tokens ?? Infinity) ? 'watch.shortTokens' : 'caps.passTokens',
        ...(config.caps.passUsd === undefined ? [] : ['caps.passUsd']),
      ),
      cap: spent && budget.kind === 'left' ? capLeft(config.caps, spent) : undefined,
      reservesDraft: config.backlog.draft,
      concurrency: config.sleep.concurrency,
      signal: controller.signal,
      awake: awakeModel(config),
      batches: await batchesFor(config, store, llm, false),
      backlog: drafts ? backlogSettings(config, repo) : undefined,
      onBacklog: (text) => send({ id, subject: `backlog ${text}`, done: 0, total: 0 }),
      onProgress: (progress) => send({ id, subject: progress.current, done: progress.written, total: progress.total }),
    })
    const { usage } = done
    const ends = { done: 'done', 'out-of-budget': 'budget', interrupted: 'woken' } as const
    const isCapped = done.capped !== null && grade === 'long'
    return {
      end: isCapped ? 'capped' : done.stop in ends ? ends[done.stop as keyof typeof ends] : 'failed',
      reason: isCapped ? cappedBy(done) : (reasonInFull(done) ?? bugsIn(done)),
      changed,
      written: done.written,
      rejected: done.rejected,
      drafted: done.backlog?.drafted.length ?? 0,
      needsYou: done.backlog?.needsYou.length ?? 0,
      calls: usage.calls,
      tokens: usage.inputTokens + usage.outputTokens,
      ...(await moneyOf(config)),
    }
  } catch (error) {
    if (!/^another sleep pass is running/.test((error as Error).message)) throw error
    return ended('busy', (error as Error).message, false, await moneyOf(await readConfig(root, { db })))
  } finally {
    clearTimeout(loading) // most passes end sooner: there is little to do
    pass = null
    if (!process.connected) process.exit(0)
  }
}

/** Number of requests that the next long pass drafts. A short pass writes no summaries then: they would use what the caps leave. */
function requestsToDraft({ backlog }: Config): number {
  if (!backlog.draft) return 0
  return store.backlog.list(['waiting', 'planned']).filter(({ isApproved }) => isApproved).length
}

function cappedBy(done: SleepReport): string {
  return reasonInFull(done) ?? `the cap of the ${done.capped} leaves too little, or what it leaves is kept for a draft`
}

/** The requests that an unexpected error ended; null: none. */
function bugsIn({ backlog }: SleepReport): string | null {
  const failed = backlog?.failed ?? []
  const said = failed.map(({ item, error }) => `#${item}: an unexpected error: ${error.split('\n')[0]}`)
  return said.length > 0 ? said.join('; ') : null
}

function keptFor(requests: number): string {
  const [who, whom] = requests === 1 ? ['request waits', 'it'] : ['requests wait', 'them']
  return `${requests} ${who} for a draft, and what the caps leave is kept for ${whom}`
}

async function moneyOf(config: Config): Promise<Money> {
  const llm = await configuredLlm(config, 'sleep')
  const now = Date.now()
  const isPriced = llm !== null && priceOf(llm.model, config.prices, config.baseUrl) !== null
  let spent: Money['spent'] = null // null if it cannot be read; the budget reports that
  const read = () => {
    spent ??= readSpent(store.ledger, now)
    return spent
  }
  const budget = budgetOf(config.caps, llm && { name: llm.model, isPriced }, read, now)
  try {
    read()
  } catch {}
  return { budget, spent }
}

function ended(end: Thought['end'], reason: string | null, changed: boolean, money: Money): Thought {
  return { end, reason, changed, written: 0, rejected: 0, drafted: 0, needsYou: 0, calls: 0, tokens: 0, ...money }
}
