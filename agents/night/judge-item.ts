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

/** Asks the model whether an item can be drafted, and saves what it lacks. null: it is ready. */
export async function judgeItem(item: BacklogItem, llm: Llm, options: NightOptions): Promise<DraftEnd | null> {
  const { store, pass, worktree, signal, clock, recorded, budget } = options
  const secrets = secretKeeper()
  const request = readRequest(await secrets.redact(itemRequest(item)))
  const ledger = notingRuns(store.ledger, (run) => store.backlog.noteRun(item.id, run))
  const run = ledger.startRequest(clock(), 'triage', request.title, [])
  const metered = meteredLlm(
    llm,
    (call) => ledger.addCall({ ...call, phase: 'sleep', pass, request: run, recorded }),
    secrets.redact,
  )
  const { verdict, problem, fix } = await triage(request, { store, worktree }, metered, signal)
  ledger.endRequest(run, verdict ? 'done' : 'model-failed', [], [])
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
