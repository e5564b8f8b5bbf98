import { learnRecipes, learnRecipesElsewhere, leftOut } from '../../src/indexing/learn-recipes.ts'
import { Budget } from '../../src/llm/budget.ts'
import { meteredLlm } from '../../src/llm/meter.ts'
import { unknownPrice } from '../../src/llm/unknown-price.ts'
import { asUserError } from '../../src/store/db-errors.ts'
import { folderTree } from '../../src/summary/folder-tree.ts'
import { NO_MODEL } from '../../src/summary/from-facts.ts'
import type { Llm, StopReason } from '../../src/types.ts'
import { BatchCalls } from '../night/batch-calls.ts'
import { draftBacklog, type NightEnd } from '../night/draft-backlog.ts'
import { nightNotes } from '../night/night-notes.ts'
import type { BacklogSettings } from '../night/night-options.ts'
import { capIn, doesBind, type Reserve, reserveDraft, whyNoSummary } from './cap-room.ts'
import { estimatePass } from './estimate-pass.ts'
import { addEarlierSummaries, fileSummaries, planFolders } from './folder-plan.ts'
import { writeFreeSummaries } from './free-summaries.ts'
import { Pass } from './pass.ts'
import { takePassLock } from './pass-lock.ts'
import { passProgress } from './pass-progress.ts'
import { PassReceipt } from './pass-receipt.ts'
import { planPass, readPlanFiles } from './plan.ts'
import { projectForModel } from './project.ts'
import type { SleepOptions } from './sleep-options.ts'
import { reasonInFull, type SleepReport } from './sleep-report.ts'
import { reuseFiles, thinkFiles } from './think-files.ts'
import { thinkFolders } from './think-folders.ts'

const REJECTED_FOR = 30 * 86_400_000 // 30 days: the same question may then get a usable answer

/**
 * One pass of the sleep-time agent within a budget: drafts and forecasts of the backlog, then recipes, then summaries of files, folders and
 * the repository, the most valuable first.
 *
 * Each summary is saved by itself, keyed by what it was written from, and never paid for twice. The pass leaves a receipt, even if it
 * is killed; every call is in the ledger. Its end is a value. Throws UserError if another pass runs, or if a limit in US$ cannot be
 * kept. Throws a bug or a full disk after the receipt is closed.
 */
export async function runSleepPass(options: SleepOptions): Promise<SleepReport> {
  const { repo, store, llm, budget, price = null, dryRun = false } = options
  if (llm && budget.usd !== undefined && !price) throw unknownPrice(llm.model)
  if (dryRun) return estimatePass(options)
  const release = takePassLock(store.db)
  try {
    const receipt = new PassReceipt(store, repo.root, llm?.model ?? NO_MODEL, options.clock ?? Date.now)
    const spending = new Budget(budget, price)
    try {
      store.summaries.forgetRejections((options.clock ?? Date.now)() - REJECTED_FOR)
      const batch = openBatchCalls(options, receipt, spending)
      const batchSignal = options.signal ?? new AbortController().signal
      for (const note of (await batch?.pickUp(batchSignal)) ?? []) receipt.add({ note })
      const night =
        llm && options.backlog ? await draftWaiting(options, options.backlog, llm, receipt, spending, batch) : null
      const early = endOf(night?.stop ?? 'done', night?.reason, night?.fix)
      const learned = options.onlyBacklog ? early : await mine(options, receipt, early)
      const isOver = learned.stop === 'interrupted' || options.onlyBacklog === true
      const reserve = isOver || !llm ? null : reserveDraft(options, spending)
      const { left, ...thought } = isOver
        ? { ...learned, left: 0 }
        : llm
          ? await think(options, llm, receipt, spending, batch, reserve)
          : { ...(await writeWithoutModel(options, receipt)), left: 0 }
      const isTold = thought.stop === 'interrupted' || thought.stop === 'model-failed' || early.stop === 'done'
      const end = isTold || (early.stop === 'out-of-budget' && !tellsLess(thought)) ? thought : early
      const capped = end.stop === 'out-of-budget' && isCapped(options, spending, reserve) ? options.cap!.of : null
      if (capped && reserve) receipt.add({ note: sayReserve(capped, reserve) })
      for (const note of (await batch?.send(batchSignal)) ?? []) receipt.add({ note })
      receipt.end(end.stop, reasonInFull(end))
      const { calls, failed } = store.ledger.receipts(1)[0]!
      return {
        pass: receipt.id,
        model: llm?.model ?? NO_MODEL,
        ...end,
        capped,
        left,
        ...receipt.counts,
        usage: { ...spending.spent, calls },
        failedCalls: failed,
        backlog: night?.report ?? null,
        estimate: null,
      }
    } catch (error) {
      closeReceipt(receipt, error, options)
      throw error
    }
  } finally {
    release()
  }
}

/** The calls that were left earlier, and those that this pass leaves; undefined: there is no Batch API, or none is left. */
function openBatchCalls(options: SleepOptions, { id: pass }: PassReceipt, budget: Budget): BatchCalls | undefined {
  const { store, llm, price = null, batches, leaveInBatch: leave = false, clock = Date.now } = options
  if (!llm || !batches) return undefined
  return new BatchCalls({ store, batches, model: llm.model, price, budget, pass, clock, leave })
}

type End = Pick<SleepReport, 'stop' | 'reason' | 'fix'>

/** Whether a cap, and not a limit of the pass itself, leaves no room. */
function isCapped({ cap, budget }: SleepOptions, { lacksUsd }: Budget, reserve: Reserve | null = null): boolean {
  return cap !== undefined && doesBind(capIn(cap, lacksUsd), budget, reserve ?? undefined)
}

/** Whether this end of the summaries matters less to the user than that the budget had no room for a draft. */
function tellsLess({ stop, reason }: End): boolean {
  return stop === 'done' || (stop === 'out-of-budget' && reason !== null)
}

function sayReserve(of: string, { tokens }: Reserve): string {
  return `backlog: of the cap of the ${of} ${tokens.toLocaleString('en-US')} tokens are kept for a draft`
}

/** The backlog comes first: its requests are known to be wanted. */
async function draftWaiting(
  options: SleepOptions,
  settings: BacklogSettings,
  llm: Llm,
  receipt: PassReceipt,
  budget: Budget,
  batch: BatchCalls | undefined,
): Promise<NightEnd> {
  const { repo, store, worktree, price = null, recorded = false, clock = Date.now } = options
  const signal = options.signal ?? new AbortController().signal
  const night = await draftBacklog({
    ...settings,
    ...{
      repo,
      store,
      worktree,
      pass: receipt.id,
      llm,
      budget,
      price,
      batch,
      cap: () => (isCapped(options, budget) ? options.cap!.of : undefined),
      signal,
      clock,
      recorded,
      raise: options.raise,
      awake: options.awake ?? null,
    },
    onProgress: options.onBacklog,
  })
  for (const note of nightNotes(night.report)) receipt.add({ note })
  return night
}

function endOf(stop: StopReason, reason: string | null = null, fix: string | null = null): End {
  return { stop, reason, fix }
}

async function think(
  options: SleepOptions,
  model: Llm,
  receipt: PassReceipt,
  budget: Budget,
  batch: BatchCalls | undefined,
  reserve: Reserve | null,
): Promise<End & Pick<SleepReport, 'left'>> {
  const { repo, store, worktree, signal, price = null, recorded = false, clock = Date.now } = options
  const files = readPlanFiles(store, worktree, model.model)
  const planned = planPass(files)
  for (const { path, state } of files) if (state === 'rejected') receipt.addRejected(path)
  const why = () => {
    const of = isCapped(options, budget, reserve) ? options.cap!.of : null
    const { reason, fix } = whyNoSummary(options, budget, of, reserve)
    return endOf('out-of-budget', reason, fix)
  }
  if (budget.isSpent && planned.length > 0) return { ...why(), left: planned.length }
  const free = { root: repo.root, store, worktree, files, clock, signal, onSaved: () => {} }
  await writeFreeSummaries(free) // subjects beyond the budget get a summary too

  const metered = meteredLlm(model, (call) =>
    store.ledger.addCall({ ...call, phase: 'sleep', pass: receipt.id, recorded }),
  )
  const folders = folderTree(files.map(({ path }) => path))
  const project = await projectForModel(repo.root, store, worktree, (line) => receipt.add({ note: line }))
  const coming = planFolders(store, model.model, folders, files, planned, project)
  const due = [...planned.map((file) => ({ ...file, subject: file.path, kind: 'file' })), ...coming]
  const progress = passProgress(due, budget, price, clock, options.onProgress)
  const pass = new Pass({
    root: repo.root,
    store,
    worktree,
    llm: batch ? leavingFiles(batch, budget.limit(metered)) : budget.limit(metered),
    budget,
    receipt,
    clock,
    concurrency: options.concurrency ?? 4,
    signal,
    onDone: progress.onDone,
  })

  reuseFiles(
    pass,
    files.filter((file) => file.state === 'fresh'),
  )
  await thinkFiles(pass, planned)
  if (!pass.end && !budget.refused) {
    const shown = fileSummaries(store, model.model, files)
    const waiting = planned.flatMap(({ path, paths }) => (pass.deferred.has(path) ? paths : []))
    const missing = addEarlierSummaries(store, waiting, shown)
    await thinkFolders(pass, folders, shown, missing, project)
  }
  const { left } = progress
  const closed = pass.close()
  if (closed) return { ...endOf(closed.stop, closed.reason, pass.fix), left }
  if (!budget.refused) return { ...endOf('done', null, pass.fix), left: 0 }
  return { ...(budget.spent.calls === 0 ? why() : endOf('out-of-budget', null, pass.fix)), left }
}

/** Leaves the questions on files with the Batch API. Those on folders show answers of this pass, so they are asked now. */
function leavingFiles(batch: BatchCalls, now: Llm): Llm {
  const later = batch.llm(now)
  const complete: Llm['complete'] = (asked, signal) =>
    (asked.purpose === 'file-summary' ? later : now).complete(asked, signal)
  return { model: now.model, complete }
}

async function writeWithoutModel(options: SleepOptions, receipt: PassReceipt): Promise<End> {
  const { repo, store, worktree, signal, clock = Date.now } = options
  const files = readPlanFiles(store, worktree, NO_MODEL)
  await writeFreeSummaries({
    root: repo.root,
    store,
    worktree,
    files,
    clock,
    signal,
    onSaved: (counts) => receipt.add(counts),
  })
  return endOf(signal?.aborted ? 'interrupted' : 'done')
}

/** Mines recipes: about a second, without a model. Skipped if the user wants the pass to end. */
async function mine({ repo, store, signal, clock }: SleepOptions, receipt: PassReceipt, end: End): Promise<End> {
  if (end.stop === 'interrupted') return end
  const learned = await learnRecipes(repo, store, { signal, clock })
  const { state, recipes, additions, lacking } = learned
  if (state === 'interrupted') return endOf('interrupted')
  if (state === 'mined' && recipes + lacking > 0)
    receipt.add({ note: `recipes: ${recipes}, from ${additions} past additions${leftOut(learned)}` })
  const elsewhere = await learnRecipesElsewhere(repo, store, { signal, clock })
  if (elsewhere > 0) receipt.add({ note: `recipes: mined for ${elsewhere} other working trees too` })
  return signal?.aborted ? endOf('interrupted') : end
}

function closeReceipt(receipt: PassReceipt, error: unknown, { signal }: SleepOptions): void {
  const known = asUserError(error, null)
  const [reason] = (known instanceof Error ? known.message : String(known)).split('\n')
  try {
    if (signal?.aborted) receipt.end('interrupted', null)
    else receipt.end('failed', reason!)
  } catch {
    // the database itself fails: the rethrown error reports it
  }
}
