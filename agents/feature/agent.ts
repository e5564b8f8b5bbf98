import { join } from 'node:path'
import { userFolder } from '../../src/config/user-folder.ts'
import { findProtected } from '../../src/edit/find-protected.ts'
import { editPermission } from '../../src/edit/permission.ts'
import { Budget } from '../../src/llm/budget.ts'
import { addUsage, type MeteredCall, meteredLlm, NO_USAGE } from '../../src/llm/meter.ts'
import type { Price } from '../../src/llm/prices.ts'
import type { Asked } from '../../src/loop/run-agent.ts'
import type { Tool } from '../../src/loop/tool.ts'
import { openTranscript } from '../../src/loop/transcript.ts'
import { findFiles } from '../../src/pack/find-files.ts'
import { blocking } from '../../src/processes/blocking.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { protectedHere } from '../../src/repo/protected-here.ts'
import { type AgentWorktree, openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { predictabilityOf } from '../../src/retrieve/name-files.ts'
import { sayMasked, secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Changes, CheckResult, Llm, Message, RepoPath, StopReason, Usage } from '../../src/types.ts'
import { isCage } from '../../src/verify/cage/open-cage.ts'
import { relevantOutput } from '../../src/verify/relevant-output.ts'
import { type Checking, type CheckingOptions, openChecking } from './checking.ts'
import { firstLook } from './first-look.ts'
import { runFree } from './free.ts'
import { fixOfProtected, type ProtectedChanges, protectedChanges, sayRefusedPaths } from './protected-changes.ts'
import { sayFails } from './staged/fails.ts'
import { runStaged } from './staged/run-staged.ts'
import type { StagedResult } from './staged/state.ts'
import { SYNTAX, syntaxCheck } from './syntax-check.ts'
import { type Companion, usualCompanions } from './usual-companions.ts'
import { openWorkspace } from './workspace.ts'

export type Effort = 'auto' | 'low' | 'high'

export interface FeatureOptions extends CheckingOptions {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly llm: Llm
  readonly effort: Effort
  /** Called when a check fails before anything is paid or edited. Returns whether to go on. Absent: it goes on. */
  readonly goOn?: (broken: CheckResult) => Promise<boolean>
  /** All tokens of all calls. The run ends before a call for which too few are left. */
  readonly budgetTokens: number
  /** Protected paths that may be changed in addition to those that the request names: files, and folders with everything in them. */
  readonly allowed?: readonly RepoPath[]
  /** The same in US$, by `price`. */
  readonly maxUsd?: number | undefined
  readonly price?: Price | null
  /** Larger files are neither shown nor edited. */
  readonly maxFileBytes?: number
  /** Commit to check out in the agent's worktree. Absent: the state that the user sees. */
  readonly at?: string
  /** With `at`: installed dependencies of the user are linked into the worktree all the same. */
  readonly isLinked?: boolean
  /** What an earlier run for this request asked to see: shown at once, which saves the call that names it. */
  readonly plan?: readonly string[]
  /** Where the request and its calls are recorded; default: the store's ledger. */
  readonly ledger?: Ledger
  /** Most calls. */
  readonly steps?: number
  /** The replies are recordings: the ledger then notes that nothing was paid. */
  readonly recorded?: boolean
}

export interface FeatureResult extends Changes {
  /** The run's number in the ledger. */
  readonly run: number
  readonly request: string
  readonly stop: StopReason
  readonly reason: string | null
  /** What the user can do about it. */
  readonly fix: string | null
  readonly effort: 'low' | 'high'
  /** Why this effort. */
  readonly effortWhy: string
  readonly diff: string
  /** Results of the last run of the checks. If the agent did not finish, edits may have been made since. [] if none ran. */
  readonly checks: readonly CheckResult[]
  /** The cage in which they ran, or why there was none; null: none ran. */
  readonly cage: { readonly caged: boolean; readonly says: string } | null
  readonly notes: readonly string[]
  /** What the agent asked to see: 'src/a.ts#f', 'search x in src'. */
  readonly opened: readonly string[]
  /** Files that usually change with the changed ones, and did not. [] if the agent did not finish. */
  readonly usuallyToo: readonly Companion[]
  /** Protected paths that were changed, with what allowed it, and those that were refused. */
  readonly protected: ProtectedChanges
  readonly usage: Usage
  readonly transcript: string
}

const HIGH_STEPS = 24
const LEAST_OUTPUT = 350 // tokens; an edit takes more, and a reply that is cut off is paid for in vain
const FIX_OF_BROKEN = 'mend it, or name another with --check; add --mend if this request is to mend it'
const NOTHING = 'say more exactly what is to change; the transcript tells why nothing was'
const HARD = 0.15 // predictability; the expected F1 of the files that the ranking names

/**
 * Implements a request in a worktree of its own, and passes the result to `accept` before the worktree is removed.
 *
 * Low effort is staged (staged.ts). High effort is a loop with tools. auto begins low; if the staged run ends without passing, it
 * continues with high effort in the same worktree. This function does not touch the user's files: `accept` decides.
 */
export async function implementRequest<T>(
  words: string,
  options: FeatureOptions,
  accept: (result: FeatureResult, worktree: AgentWorktree) => Promise<T>,
): Promise<T> {
  const { repo, store, signal, onProgress, ledger = options.store.ledger, steps = Infinity } = options
  const place = { store, worktree: options.worktree }
  const startedAt = Date.now()
  const transcript = openTranscript(join(repo.commonDir, 'repose', 'transcripts'), startedAt)
  const secrets = secretKeeper()
  const asked = readRequest(await secrets.redact(words))
  const request = asked.text
  const files = await blocking(() => findFiles(store, options.worktree, asked))
  const requestId = ledger.startRequest(startedAt, 'implement', request, [])
  let usage = NO_USAGE
  const onCall = (call: MeteredCall) => {
    usage = addUsage(usage, call.usage)
    ledger.addCall({ ...call, phase: 'test', request: requestId, recorded: options.recorded })
  }
  const limits = { tokens: options.budgetTokens, usd: options.maxUsd }
  const budget = new Budget(limits, options.price ?? null, { leastOutput: LEAST_OUTPUT })
  const llm = budget.limit(meteredLlm(options.llm, onCall, secrets.redact))
  const ask = async (purpose: string, messages: readonly Message[], tools?: readonly Tool[]): Promise<Asked> => {
    if (usage.calls >= steps)
      return unasked('out-of-turns', `the limit of ${steps} calls is reached`, 'ask for less at once')
    onProgress?.(
      `${purpose}: call ${usage.calls + 1}, ${(usage.inputTokens + usage.outputTokens).toLocaleString('en')} tokens so far`,
    )
    const specs = tools?.map(({ name, description, parameters }) => ({ name, description, parameters }))
    const reply = await llm.complete({ purpose, messages, tools: specs }, signal)
    transcript.note('call', { purpose, messages, reply })
    return reply.failure === 'budget' ? { ...reply, ends: 'out-of-budget' } : reply
  }

  await sweepWorktrees(repo.root)
  const worktree = await openWorktree(repo.root, { at: options.at, isLinked: options.isLinked })
  let stop: StopReason = 'interrupted'
  let opened: readonly string[] = []
  let changed: readonly RepoPath[] = []
  try {
    const here = await protectedHere(worktree.root, (path) => findProtected(path) !== null, {
      also: [repo.root],
      own: [userFolder()],
    })
    const permission = editPermission({ request, allowed: options.allowed ?? [], here })
    const workspace = openWorkspace(worktree.root, secrets, {
      permission,
      maxFileBytes: options.maxFileBytes,
      taken: worktree.taken,
      signal,
    })
    const doubted = new Set<RepoPath>()
    const checking = openChecking(worktree, store.checks, secrets.redact, options)
    const check = async () => {
      const results = await checking.run()
      if (results.length > 0) transcript.note('checks', { results })
      return [syntaxCheck([...doubted], results), ...results]
    }
    const look = await firstLook(asked, files, place, workspace)
    ledger.notePacked(requestId, look.listed)
    const usuallyToo = (paths: readonly RepoPath[], made: readonly RepoPath[]) =>
      usualCompanions(place, asked, paths, made)
    /** For the model: files that it may not change are not offered. */
    const offered: typeof usuallyToo = (...given) =>
      usuallyToo(...given).filter(({ path }) => permission.verdictOf(path)?.allowedBy !== null)
    const stepsLeft = () => steps - usage.calls
    /** How the run ends if checks fail before any edit and the user wants to stop. */
    const brokenBefore = async (): Promise<StagedResult | null> => {
      const checks = await checking.first()
      if (checks.length > 0) transcript.note('checks before any edit', { results: checks })
      if (!options.goOn || checks.length === 0 || signal.aborted || (await options.goOn(checks[0]!))) return null
      const reason = `${sayFails(checks[0])}; nothing was paid`
      return { stop: 'checks-failed', checks, opened: [], notes: [], reason, fix: FIX_OF_BROKEN }
    }
    const runLow = () =>
      runStaged({
        request,
        look,
        plan: options.plan,
        workspace,
        ask,
        stepsLeft,
        check,
        doubted,
        usuallyToo: offered,
        relevantOutput,
        note: transcript.note,
      })
    const runHigh = (news: string) =>
      runFree({
        request,
        look,
        news,
        ask,
        check,
        workspace,
        maxSteps: Math.min(HIGH_STEPS, stepsLeft()),
      })
    const choice = chooseEffort(options.effort, predictabilityOf(files))
    let { effort, why } = choice
    const unpaid = await brokenBefore()
    let outcome = unpaid ?? (effort === 'high' ? await runHigh('') : await runLow())
    const isUnfinished =
      (outcome.stop === 'checks-failed' && !outcome.checks.some(isSettled)) || outcome.stop === 'out-of-turns'
    if (options.effort === 'auto' && effort === 'low' && isUnfinished && !unpaid && stepsLeft() > 0) {
      effort = 'high'
      why = `low effort did not finish: ${outcome.reason ?? outcome.stop}`
      transcript.note('promoted', { reason: why })
      const sofar = outcome
      outcome = await runHigh(
        `A first attempt's edits are in the files. It ended so: ${outcome.reason ?? outcome.stop}.`,
      )
      outcome = {
        ...outcome,
        checks: outcome.checks.length > 0 ? outcome.checks : sofar.checks,
        opened: [...sofar.opened, ...outcome.opened],
        notes: [...sofar.notes, ...outcome.notes],
      }
    }
    if (signal.aborted) outcome = { ...outcome, stop: 'interrupted' }
    // nothing is edited between the last checks and 'done', or after interrupted checks
    const isAsChecked = outcome.stop === 'done' || outcome.checks.some(({ status }) => status === 'interrupted')
    const end = (isAsChecked && checking.last()) || (await worktree.snapshot())
    const changes = await worktree.changes(end)
    changed = [...changes.modified, ...changes.created, ...changes.deleted]
    const guarded = protectedChanges(changed, permission)
    const refused = guarded.refused.map(({ path }) => path)
    if (outcome.stop === 'done' && changed.length === 0)
      outcome = {
        ...outcome,
        stop: 'nothing-changed',
        reason: `the agent changed nothing${refused.length > 0 ? ', since what it meant to change is protected' : ''}`,
        fix: refused.length > 0 ? fixOfProtected(refused) : NOTHING,
      }
    const unasked = guarded.changed.filter(({ allowedBy }) => allowedBy === null).map(({ path }) => path)
    if (outcome.stop === 'done' && unasked.length > 0)
      outcome = {
        ...outcome,
        stop: 'checks-failed',
        reason: `${unasked.join(', ')} changed, not by an edit, and is protected`,
        fix: fixOfProtected(unasked),
      }
    stop = outcome.stop
    opened = outcome.opened
    const result: FeatureResult = {
      run: requestId,
      request,
      stop,
      reason: outcome.reason ?? null,
      fix: outcome.fix ?? null,
      effort,
      effortWhy: why,
      ...changes,
      diff: await worktree.diff(end),
      checks: outcome.checks,
      cage: sayWhere(checking.place()),
      notes: [
        ...outcome.notes,
        ...outcome.checks.flatMap(takenAsMeant),
        ...sayRefusedPaths(guarded),
        ...[...secrets.masked].map(([path, kinds]) => sayMasked(path, kinds)),
      ],
      opened,
      usuallyToo: stop === 'done' ? usuallyToo([...changes.modified, ...changes.deleted], changes.created) : [],
      protected: guarded,
      usage,
      transcript: transcript.path,
    }
    transcript.note('end', { ...result, diff: undefined })
    return await accept(result, worktree)
  } finally {
    const isGone = await worktree.close().finally(() => ledger.endRequest(requestId, stop, opened, changed))
    if (!isGone) onProgress?.(`a file in ${worktree.root} is in use: the next run removes it`)
  }
}

function sayWhere(place: ReturnType<Checking['place']>): FeatureResult['cage'] {
  if (place === null) return null
  return isCage(place) ? { caged: true, says: place.name } : { caged: false, says: place.why }
}

/** Syntax that the checks accepted and the parser did not. */
function takenAsMeant({ check, status, output }: CheckResult): readonly string[] {
  return check === SYNTAX && status === 'skipped' ? [`${output}: taken as meant, since the checks pass`] : []
}

/** High effort would not help: it failed before any edit, edits are not allowed, or the model insists. */
function isSettled({ check, status, failedBefore }: CheckResult): boolean {
  return failedBefore === true || status === 'refused' || (check === SYNTAX && status === 'failed')
}

/** auto: low, unless the ranking cannot find where the request belongs. A low run that does not finish changes to high later. */
function chooseEffort(wanted: Effort, predictability: number): { effort: 'low' | 'high'; why: string } {
  if (wanted !== 'auto') return { effort: wanted, why: 'as asked for' }
  const told = `predictability ${predictability.toFixed(2)}`
  return predictability < HARD
    ? { effort: 'high', why: `${told}: the history does not tell which files this changes` }
    : { effort: 'low', why: told }
}

/** Result in place of a call that is not allowed. */
function unasked(ends: StopReason, message: string, fix: string): Asked {
  return { stop: 'failed', ends, content: '', toolCalls: [], usage: NO_USAGE, message, fix }
}
