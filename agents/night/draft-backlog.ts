import { meteredLlm } from '../../src/llm/meter.ts'
import { rememberingLlm } from '../../src/llm/remembering-llm.ts'
import { findFiles } from '../../src/pack/find-files.ts'
import { repairDraftRefs } from '../../src/repo/drafts.ts'
import { git } from '../../src/repo/git.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { predictabilityOf } from '../../src/retrieve/name-files.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { BacklogItem } from '../../src/store/backlog.ts'
import type { Llm, StopReason } from '../../src/types.ts'
import { isCage, openCage } from '../../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../../src/verify/check-environment.ts'
import { draftItem, notingRuns } from './draft-item.ts'
import { dropDraft, followHead } from './follow-head.ts'
import { itemRequest } from './item-request.ts'
import type { NightOptions, NightReport } from './night-options.ts'
import { SEVERAL } from './several.ts'
import { triage } from './triage.ts'

/** A draft takes more. */
export const LEAST_TOKENS = 3000

const RANKED = 50 // items of a pass; more than it can draft

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
  const found = { drafted: [], planned: [], needsYou: [], moved: [], checked: [], there: [] } as Record<
    string,
    number[]
  >
  const notes: string[] = []
  if (given.untrusted?.length)
    notes.push('backlog: the checks of this repository do not run, since you do not trust them (repose trust)')
  const options = await withCage(given, notes)
  await lookForDirt(repo.root, notes)
  for (const item of await repairDraftRefs(repo.root, backlog.commits())) await dropDraft(item, options)
  for (const item of backlog.list(['drafted'])) {
    if (signal.aborted) break
    const draft = backlog.draft(item.id)
    const end = draft ? await followHead(item, draft, options) : 'stale'
    if (end === 'moved' || end === 'checked' || end === 'there') found[end]!.push(item.id)
    if (end === 'stale') backlog.setState(item.id, draft ? 'planned' : 'waiting', options.clock(), 'HEAD moved on')
  }

  let end: Omit<NightEnd, 'report'> = { stop: null, reason: null, fix: null }
  const waiting = backlog.list(['waiting', 'planned']).filter(({ isApproved }) => isApproved)
  const queue = inOrder(waiting, options)
  let done = 0
  for (const item of queue) {
    end = { ...end, ...beforeNext(options) }
    if (end.stop) break
    const one = await workOn(item, options)
    if (one.state === 'drafted' || one.state === 'planned') found[one.state]!.push(item.id)
    if (one.state === 'needs-you') found.needsYou!.push(item.id)
    if (one.endsPass) {
      end = { stop: one.endsPass, reason: one.reason, fix: one.fix }
      break
    }
    done++
  }
  const report = { ...(found as unknown as Omit<NightReport, 'left' | 'notes'>), left: waiting.length - done, notes }
  return { report, ...end }
}

async function workOn(item: BacklogItem, options: NightOptions) {
  const { store, budget, signal } = options
  const memory = {
    reply: (digest: string) => store.backlog.reply(item.id, digest),
    keepReply: (digest: string, reply: Parameters<typeof store.backlog.keepReply>[2]) =>
      store.backlog.keepReply(item.id, digest, reply),
  }
  const llm = rememberingLlm(budget.limit(options.llm), memory)
  const plan = store.backlog.draft(item.id)?.plan ?? []
  if (item.state === 'waiting') {
    options.onProgress?.(`${item.id}: is it ready?`)
    const judged = await judge(item, llm, options)
    if (judged) return judged
  }
  if (signal.aborted) return { state: 'waiting', reason: null, fix: null, endsPass: 'interrupted' } as const
  return draftItem(item, plan, llm, options)
}

/** The end of an item that is not ready; null: it is. */
async function judge(item: BacklogItem, llm: Llm, options: NightOptions) {
  const { store, pass, worktree, signal, clock, recorded } = options
  const secrets = secretKeeper()
  const request = readRequest(await secrets.redact(itemRequest(item)))
  const ledger = notingRuns(store.ledger, (run) => store.backlog.noteRun(item.id, run))
  const run = ledger.startRequest(clock(), 'triage', request.title, [])
  const metered = meteredLlm(
    llm,
    (call) => ledger.addCall({ ...call, phase: 'sleep', pass, request: run, recorded }),
    secrets.redact,
  )
  const { verdict, problem, fix, isFatal } = await triage(request, { store, worktree }, metered, signal)
  ledger.endRequest(run, verdict ? 'done' : 'model-failed', [], [])
  if (verdict?.verdict === 'ready') return null
  if (!verdict) {
    const isAborted = signal.aborted
    const state = { state: 'waiting', reason: problem, fix } as const
    store.backlog.setState(item.id, 'waiting', clock(), problem)
    if (isAborted) return { ...state, endsPass: 'interrupted' } as const
    if (options.budget.refused) return { ...state, endsPass: 'out-of-budget' } as const
    return { ...state, endsPass: isFatal ? ('model-failed' as const) : null }
  }
  const isSplit = verdict.verdict === 'several'
  const reason = isSplit ? SEVERAL : 'it is not clear enough'
  const questions = verdict.verdict === 'several' ? verdict.parts : verdict.questions
  store.backlog.setState(item.id, 'needs-you', clock(), reason, questions)
  return { state: 'needs-you', reason, fix: null, endsPass: null } as const
}

/** Why the next item is not begun. */
function beforeNext({ signal, budget }: NightOptions): Partial<Omit<NightEnd, 'report'>> {
  if (signal.aborted) return { stop: 'interrupted' }
  const { tokens, usd } = budget.left
  if (tokens >= LEAST_TOKENS && usd > 0) return {}
  const reason =
    usd > 0
      ? `${Math.max(0, tokens)} tokens are left, and a draft takes more than ${LEAST_TOKENS}`
      : 'the money for this pass is spent'
  return { stop: 'out-of-budget', reason }
}

/** The highest priority first; among equals those whose files the history tells best, then the oldest. One ranking an item. */
function inOrder(all: readonly BacklogItem[], { store, worktree }: NightOptions): readonly BacklogItem[] {
  const items = all.slice(0, RANKED)
  const worth = new Map(
    items.map((item) => [item.id, predictabilityOf(findFiles(store, worktree, readRequest(itemRequest(item))))]),
  )
  return [...items].sort((a, b) => b.priority - a.priority || worth.get(b.id)! - worth.get(a.id)! || a.id - b.id)
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
