import { createHash } from 'node:crypto'
import { nearestItems } from '../../src/backlog/find-item.ts'
import { wordsOf } from '../../src/backlog/read-items.ts'
import { titleOf } from '../../src/backlog/title-of.ts'
import { meteredLlm, NO_USAGE } from '../../src/llm/meter.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { Backlog, BacklogItem } from '../../src/store/backlog.ts'
import type { Llm, LlmReply } from '../../src/types.ts'
import type { DraftEnd } from './draft-item.ts'
import { itemRequest } from './item-request.ts'
import type { NightOptions } from './night-options.ts'
import { notingRuns } from './noting-runs.ts'
import { SEVERAL } from './several.ts'
import { triage } from './triage.ts'

const MOST_TITLES = 20

/** Its question waits for a batch. */
export const IN_BATCH: DraftEnd = { state: 'waiting', reason: 'left with the Batch API', fix: null, endsPass: null }

const READY: LlmReply = { stop: 'done', content: '', toolCalls: [], usage: NO_USAGE }

/** Judges an item, and saves what it lacks. null: it is ready to be drafted. */
export async function judgeItem(item: BacklogItem, llm: Llm, options: NightOptions): Promise<DraftEnd | null> {
  const { store, pass, worktree, signal, clock, recorded, budget } = options
  const digest = createHash('sha256').update(itemRequest(item)).digest('hex').slice(0, 16)
  if (store.backlog.reply(item.id, `ready ${digest}`)) return null // its draft was ended early, and HEAD may have moved
  const key = `triage ${item.id} ${digest}`
  if (options.batch?.look(key)?.isAnswered === false) return IN_BATCH
  const secrets = secretKeeper()
  const request = readRequest(await secrets.redact(itemRequest(item)))
  const ledger = notingRuns(store.ledger, (run) => store.backlog.noteRun(item.id, run))
  const run = ledger.startRequest(clock(), 'triage', request.title, [])
  const metered = meteredLlm(
    options.batch?.llm(llm, { key, request: run }) ?? llm,
    (call) => ledger.addCall({ ...call, phase: 'sleep', pass, request: run, recorded }),
    secrets.redact,
  )
  const others = await Promise.all(
    nearestItems(request.text, othersOf(item, store.backlog), MOST_TITLES).map(async (one) => {
      return { id: one.id, request: await secrets.redact(titleOf(one)) }
    }),
  )
  const { verdict, problem, fix, isDeferred } = await triage(request, others, { store, worktree }, metered, signal)
  const failed = signal.aborted ? 'interrupted' : 'model-failed'
  ledger.endRequest(run, verdict ? 'done' : isDeferred ? 'deferred' : failed, [], [])
  if (isDeferred) return IN_BATCH
  options.batch?.forget(key)
  if (verdict?.verdict === 'ready') {
    store.backlog.keepReply(item.id, `ready ${digest}`, READY)
    return null
  }
  if (!verdict) {
    if (signal.aborted) return { state: 'waiting', reason: null, fix: null, endsPass: 'interrupted' }
    store.backlog.setState(item.id, 'waiting', clock(), problem)
    const endsPass = budget.refused ? 'out-of-budget' : 'model-failed'
    return { state: 'waiting', reason: problem, fix, endsPass }
  }
  if (verdict.verdict === 'same') return askIfSame(item, store.backlog.get(verdict.as)!, store.backlog, clock())
  const isSplit = verdict.verdict === 'several'
  const reason = isSplit ? SEVERAL : 'it is not clear enough'
  const questions = verdict.verdict === 'several' ? verdict.parts : verdict.questions
  store.backlog.setState(item.id, 'needs-you', clock(), reason, questions)
  return { state: 'needs-you', reason, fix: null, endsPass: null }
}

/**
 * The requests that an item may be the same as: those that have a plan or a draft or are applied, and those that wait and are worked on before
 * it, so that of two only one is held back. Of those that wait, the ones whose calls failed are left out: the endpoint may have refused their
 * words. Requests with the same words were compared when they came (link-same.ts).
 */
function othersOf(item: BacklogItem, backlog: Backlog): readonly BacklogItem[] {
  if (item.isApart) return []
  const words = wordsOf(item.request)
  const failing = backlog.failing()
  const isBefore = (one: BacklogItem) => one.priority - item.priority || item.id - one.id
  return backlog.list(['planned', 'drafted', 'applied', 'waiting']).filter((one) => {
    if (one.state === 'waiting' && !(one.isApproved && !failing.has(one.id) && isBefore(one) > 0)) return false
    return one.id !== item.id && one.sameAs === null && one.source !== 'forecast' && wordsOf(one.request) !== words
  })
}

/** A false match would lose a request, so the user decides. */
function askIfSame({ id }: BacklogItem, other: BacklogItem, backlog: Backlog, now: number): DraftEnd {
  const reason = `it may be the same as ${other.id}`
  const which = `${other.id}, "${titleOf(other)}"${other.state === 'applied' ? ', which is applied' : ''}`
  backlog.askIfSame(id, other.id, now, reason, `Is it the same as ${which}?`)
  return { state: 'needs-you', reason, fix: null, endsPass: null }
}
