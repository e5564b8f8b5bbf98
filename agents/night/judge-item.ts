import { createHash } from 'node:crypto'
import { meteredLlm } from '../../src/llm/meter.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { BacklogItem } from '../../src/store/backlog.ts'
import type { Llm } from '../../src/types.ts'
import type { DraftEnd } from './draft-item.ts'
import { itemRequest } from './item-request.ts'
import type { NightOptions } from './night-options.ts'
import { notingRuns } from './noting-runs.ts'
import { SEVERAL } from './several.ts'
import { triage } from './triage.ts'

/** Its question waits for a batch. */
export const IN_BATCH: DraftEnd = { state: 'waiting', reason: 'left with the Batch API', fix: null, endsPass: null }

/** Judges an item, and saves what it lacks. null: it is ready to be drafted. */
export async function judgeItem(item: BacklogItem, llm: Llm, options: NightOptions): Promise<DraftEnd | null> {
  const { store, pass, worktree, signal, clock, recorded, budget } = options
  const key = `triage ${item.id} ${createHash('sha256').update(itemRequest(item)).digest('hex').slice(0, 16)}`
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
  const { verdict, problem, fix, isDeferred } = await triage(request, { store, worktree }, metered, signal)
  ledger.endRequest(run, verdict ? 'done' : isDeferred ? 'deferred' : 'model-failed', [], [])
  if (isDeferred) return IN_BATCH
  options.batch?.forget(key)
  if (verdict?.verdict === 'ready') return null
  if (!verdict) {
    store.backlog.setState(item.id, 'waiting', clock(), problem)
    const endsPass = signal.aborted ? 'interrupted' : budget.refused ? 'out-of-budget' : 'model-failed'
    return { state: 'waiting', reason: problem, fix, endsPass }
  }
  const isSplit = verdict.verdict === 'several'
  const reason = isSplit ? SEVERAL : 'it is not clear enough'
  const questions = verdict.verdict === 'several' ? verdict.parts : verdict.questions
  store.backlog.setState(item.id, 'needs-you', clock(), reason, questions)
  return { state: 'needs-you', reason, fix: null, endsPass: null }
}
