import { fixOfCap } from '../../src/daemon/caps.ts'
import { isFull, UserError } from '../../src/errors.ts'
import { rememberingLlm } from '../../src/llm/remembering-llm.ts'
import { findFiles } from '../../src/pack/find-files.ts'
import { DiffTooLarge } from '../../src/repo/diff-trees.ts'
import { repairDraftRefs } from '../../src/repo/drafts.ts'
import { GitLate, git, OutputTooLarge } from '../../src/repo/git.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { predictabilityOf } from '../../src/retrieve/name-files.ts'
import type { BacklogItem, Draft } from '../../src/store/backlog.ts'
import { asUserError } from '../../src/store/db-errors.ts'
import { shorten } from '../../src/text/shorten.ts'
import type { Llm, LlmReply, StopReason } from '../../src/types.ts'
import { isCage, openCage } from '../../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../../src/verify/check-environment.ts'
import { type DraftEnd, draftItem } from './draft-item.ts'
import { followForecasts } from './follow-forecasts.ts'
import { dropDraft, type Followed, followHead } from './follow-head.ts'
import { type ForecastEnd, forecastBacklog } from './forecast-backlog.ts'
import { itemCost, sayCost } from './item-cost.ts'
import { itemRequest } from './item-request.ts'
import { IN_BATCH, judgeItem } from './judge-item.ts'
import type { NightOptions, NightReport } from './night-options.ts'

/** A draft takes more. */
export const LEAST_TOKENS = 3000
export const RAISE = 'raise --budget-tokens or --max-usd'

const RANKED = 50 // items of a pass; more than it can draft
const REASON_LENGTH = 200 // characters
const MOST_BEGUN = 5 // passes that were killed while they worked on the same item
const MOST_FAILED = 3 // items in a row whose call failed: the endpoint is down
const MOST_BUGS = 3 // unexpected errors in a row: the next item will meet them, too

/** The report, and why no further item can be worked on; null: all are done. */
export interface NightEnd {
  readonly report: NightReport
  readonly stop: Extract<StopReason, 'out-of-budget' | 'interrupted' | 'model-failed'> | null
  readonly reason: string | null
  readonly fix: string | null
}

/**
 * Works on the backlog: moves drafts to HEAD, judges what is waiting, and drafts what is ready, the highest priority first, then the most
 * predictable. Each item is saved by itself, and replies that were paid for survive a crash.
 */
export async function draftBacklog(given: NightOptions): Promise<NightEnd> {
  const { repo, store, signal } = given
  const { backlog } = store
  const found = {
    ...{ drafted: [] as number[], planned: [] as number[], needsYou: [] as number[] },
    ...{ moved: [] as number[], back: [] as number[], checked: [] as number[], there: [] as number[] },
    failed: [] as { readonly item: number; readonly error: string }[],
  }
  const notes: string[] = []
  if (given.untrusted?.length)
    notes.push('backlog: the checks of this repository do not run, since you do not trust them (repose trust)')
  const options = await withCage(given, notes)
  await lookForDirt(repo.root, notes)
  await repairDraftRefs(repo.root, backlog.keptCommits())
  for (const item of await repairDraftRefs(repo.root, backlog.commits())) await dropDraft(item, options)
  for (const item of backlog.list(['drafted', 'planned'])) {
    if (signal.aborted) break
    const drafts = backlog.drafts(item.id)
    const end = drafts.length > 0 ? await bringToHead(item, drafts, options, notes) : 'stale'
    if (end !== 'kept' && end !== 'stale') found[end].push(item.id)
    if (end === 'stale' && item.state === 'drafted')
      backlog.setState(item.id, drafts.length > 0 ? 'planned' : 'waiting', options.clock(), 'HEAD moved on')
  }

  const followed = signal.aborted ? { hits: [], missed: [] } : await followForecasts(repo, store, options.clock())
  let end: Omit<NightEnd, 'report'> = { stop: null, reason: null, fix: null }
  const waiting = backlog.list(['waiting', 'planned']).filter(({ isApproved }) => isApproved)
  const queue = inOrder(waiting, options)
  let done = 0
  let bugs = 0
  let failed: typeof end | null = null
  let failedInARow = 0
  for (const item of queue) {
    end = { ...end, ...beforeNext(options) }
    if (end.stop) break
    let one: DraftEnd
    try {
      one = backlog.begin(item.id) > MOST_BEGUN ? setAside(item, options) : await workOn(item, options)
      bugs = 0
    } catch (error) {
      const isBug = !isOfItem(error)
      if (signal.aborted || (isBug && (isGeneral(error) || ++bugs === MOST_BUGS))) throw error
      if (isBug) found.failed.push({ item: item.id, error: String((error as Error)?.stack ?? error) })
      one = brokenOff(item, error, isBug ? 'an unexpected error: ' : '', options)
      notes.push(`backlog: #${item.id}: ${one.reason}`)
    } finally {
      backlog.end(item.id)
    }
    if (one.state === 'drafted' || one.state === 'planned') found[one.state].push(item.id)
    if (one.state === 'needs-you') found.needsYou.push(item.id)
    if (one.endsPass === 'refused' || one.endsPass === 'call-failed') {
      failed = { stop: 'model-failed', reason: `#${item.id}: ${one.reason}`, fix: one.fix }
      backlog.setFailing(item.id)
      if (one.state === 'needs-you') done++
      if (one.endsPass === 'refused') failedInARow = 0
      if (one.endsPass === 'call-failed' && ++failedInARow === MOST_FAILED) break
      continue
    }
    failedInARow = 0
    if (one.endsPass) {
      end = { stop: one.endsPass, reason: one.reason, fix: one.fix }
      break
    }
    if (one !== IN_BATCH) done++
  }
  for (const id of found.drafted)
    notes.push(`backlog: #${id}: ${sayCost(itemCost(backlog, id, options.awake ?? null))}`)
  const isOver = end.stop !== null || failedInARow === MOST_FAILED
  const forecasts = options.forecasts && !isOver ? await askForForecasts(options, notes) : []
  const isGeneralEnd = end.stop === 'interrupted' || end.stop === 'model-failed'
  const came = { forecast: forecasts, came: followed.hits, missed: followed.missed }
  return {
    report: { ...found, ...came, left: waiting.length - done, notes },
    ...(isGeneralEnd ? end : (failed ?? end)),
  }
}

/** What cannot be forecast is no reason to end a pass: it says so, and later work tries the endpoint again. */
async function askForForecasts(options: NightOptions, notes: string[]): Promise<readonly number[]> {
  options.onProgress?.('forecasts: what may be asked for next?')
  const end = await forecastBacklog(options).catch((error: unknown): ForecastEnd => {
    if (options.signal.aborted || isStorageError(error)) throw error
    return { kind: 'failed', problem: firstLine(error), fix: null }
  })
  if (end.kind === 'failed') notes.push(`backlog: no forecast: ${end.problem}`)
  if (end.kind === 'made' && end.refused > 0)
    notes.push(`backlog: ${end.refused} proposed, without evidence that exists or known already: refused`)
  return end.kind === 'made' ? end.items : []
}

/** followHead(), but an error of one draft becomes a note: it must not end every pass. */
async function bringToHead(
  item: BacklogItem,
  drafts: readonly Draft[],
  options: NightOptions,
  notes: string[],
): Promise<Followed> {
  try {
    return await followHead(item, drafts, options)
  } catch (error) {
    if (options.signal.aborted || isStorageError(error)) throw error
    notes.push(
      `backlog: #${item.id}: its draft cannot be brought to HEAD: ${firstLine(error)} (repose backlog redo ${item.id})`,
    )
    return 'kept'
  }
}

async function workOn(item: BacklogItem, options: NightOptions): Promise<DraftEnd> {
  const { store, signal } = options
  const endpoint = watchedEndpoint(options)
  const llmOf = (attempt: number) =>
    rememberingLlm(endpoint.llm, {
      reply: (digest) => store.backlog.reply(item.id, `${attempt} ${digest}`),
      keepReply: (digest, reply) => store.backlog.keepReply(item.id, `${attempt} ${digest}`, reply),
    })
  if (item.state === 'waiting') {
    options.onProgress?.(`${item.id}: is it ready?`)
    const judged = await judgeItem(item, llmOf(0), options)
    if (judged) return endOfPass(judged)
  }
  if (signal.aborted) return { state: 'waiting', reason: null, fix: null, endsPass: 'interrupted' }
  const plan = store.backlog.draft(item.id)?.plan ?? []
  return endOfPass(await draftItem(item, plan, llmOf, options))

  /**
   * A wrong key ends the pass: the next item would fail, too. A refused prompt concerns this item alone, and so does an unusable reply: if it
   * was paid for, it is put to the user.
   */
  function endOfPass(end: DraftEnd): DraftEnd {
    if (end.endsPass === 'out-of-budget')
      return { ...end, fix: whyNoDraft(options.budget.left, options.cap?.(), options.raise).fix }
    const failure = endpoint.failure()
    if (end.endsPass !== 'model-failed' || failure === 'fatal') return end
    if (failure === 'refused' && !endpoint.isPaid()) return { ...end, endsPass: failure }
    if (failure === 'transient') return { ...end, endsPass: 'call-failed' }
    if (failure !== null && failure !== 'refused') return end
    store.backlog.setState(item.id, 'needs-you', options.clock(), end.reason, [IN_OTHER_WORDS])
    return { ...end, state: 'needs-you', endsPass: failure === null ? null : 'call-failed' }
  }
}

const IN_OTHER_WORDS = 'The model gave no reply that could be used: can it be said in other words?'

/** True for an error of this item alone: git takes too much time, memory or output for it. */
function isOfItem(error: unknown): boolean {
  return [DiffTooLarge, GitLate, OutputTooLarge].some((kind) => error instanceof kind)
}

/** True for an error that ends the whole pass: of the disk, of the database (it holds what was spent), or one that the user can fix. */
function isGeneral(error: unknown): boolean {
  return asUserError(error, null) instanceof UserError || isStorageError(error)
}

/** True for an error of the disk or of the database. */
function isStorageError(error: unknown): boolean {
  return (error as Error)?.name === 'SqliteError' || isFull(error)
}

function firstLine(error: unknown): string {
  return shorten(String((error as Error)?.message ?? error).split('\n', 1)[0]!, REASON_LENGTH)
}

function brokenOff({ id }: BacklogItem, error: unknown, kind: string, { store, clock }: NightOptions): DraftEnd {
  const reason = `${kind}${firstLine(error)}`
  store.backlog.setState(id, 'needs-you', clock(), reason, [`Try it again? repose backlog redo ${id}`])
  return { state: 'needs-you', reason, fix: null, endsPass: null }
}

/** Ends an item whose work killed passes, for instance by a remembered reply that each pass reads again. `redo` forgets the replies. */
function setAside({ id }: BacklogItem, { store, clock }: NightOptions): DraftEnd {
  const reason = `${MOST_BEGUN} passes were killed while they worked on it`
  store.backlog.setState(id, 'needs-you', clock(), reason, [`Try it again? repose backlog redo ${id}`])
  return { state: 'needs-you', reason, fix: null, endsPass: null }
}

/** The model within the budget of the pass, how its last call failed (null: it did not), and whether that was paid for. */
function watchedEndpoint({ budget, llm }: NightOptions): {
  readonly llm: Llm
  readonly failure: () => LlmReply['failure'] | null
  readonly isPaid: () => boolean
} {
  const limited = budget.limit(llm)
  let failure: LlmReply['failure'] | null = null
  let isPaid = false
  return {
    failure: () => failure,
    isPaid: () => isPaid,
    llm: {
      model: llm.model,
      async complete(request, signal) {
        const reply = await limited.complete(request, signal)
        failure = reply.stop === 'failed' ? (reply.failure ?? 'transient') : null
        isPaid = reply.usage.inputTokens > 0
        return reply
      },
    },
  }
}

/** Why the next item is not begun. */
function beforeNext({ signal, budget, cap: capNow, raise }: NightOptions): Partial<Omit<NightEnd, 'report'>> {
  if (signal.aborted) return { stop: 'interrupted' }
  const { left } = budget
  if (left.tokens >= LEAST_TOKENS && left.usd > 0) return {}
  return { stop: 'out-of-budget', ...whyNoDraft(left, capNow?.(), raise) }
}

/** Why what is left is too little for a draft, and what helps. cap: the one that leaves so little; undefined: none. */
export function whyNoDraft(
  { tokens, usd }: { readonly tokens: number; readonly usd: number },
  cap: 'day' | 'month' | undefined,
  raise = RAISE,
): { readonly reason: string; readonly fix: string } {
  const count = (of: number) => Math.max(0, of).toLocaleString('en-US')
  const whose = cap ? ` of the cap of the ${cap}` : ''
  const reason =
    usd > 0
      ? `${count(tokens)} tokens${whose} are left, and a draft takes more than ${count(LEAST_TOKENS)}`
      : `the money${whose || ' for this pass'} is spent`
  return { reason, fix: cap ? fixOfCap(cap) : raise }
}

/**
 * The highest priority first; among equals, the item whose files the history predicts best, then the oldest. Items whose calls failed when they
 * were last worked on come after all others: they may fail each night. Ranks the files once for each item.
 */
function inOrder(all: readonly BacklogItem[], { store, worktree }: NightOptions): readonly BacklogItem[] {
  const items = all.slice(0, RANKED)
  const worth = new Map(
    items.map((item) => [item.id, predictabilityOf(findFiles(store, worktree, readRequest(itemRequest(item))))]),
  )
  const failing = store.backlog.failing()
  const failed = ({ id }: BacklogItem) => Number(failing.has(id))
  return [...items].sort(
    (a, b) => failed(a) - failed(b) || b.priority - a.priority || worth.get(b.id)! - worth.get(a.id)! || a.id - b.id,
  )
}

/** Without a cage no check runs at night, unless the user's own configuration says so. */
async function withCage(options: NightOptions, notes: string[]): Promise<NightOptions> {
  if (options.checks.length === 0 || options.cage.uncaged) return options
  const { root } = options.repo
  const place = await openCage({ root }, options.cage, checkEnvironment(process.env, options.cage.env))
  if (isCage(place)) return options
  notes.push(`backlog: drafts are not checked, since there is no cage (${place.why})`)
  return { ...options, checks: [] }
}

async function lookForDirt(root: string, notes: string[]): Promise<void> {
  const dirty = await git(root, ['status', '--porcelain', '--untracked-files=no', '--ignore-submodules=all'])
  if (dirty !== '') notes.push('backlog: drafts start from HEAD, without your uncommitted changes')
}
