import { type RunOptions, withRun } from '../../src/loop/with-run.ts'
import { findFiles } from '../../src/pack/find-files.ts'
import { blocking } from '../../src/processes/blocking.ts'
import type { AgentWorktree } from '../../src/repo/worktree.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { predictabilityOf } from '../../src/retrieve/name-files.ts'
import { sayMasked } from '../../src/secrets/secret-keeper.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Changes, CheckResult, RepoPath, StopReason, Usage } from '../../src/types.ts'
import { isCage } from '../../src/verify/cage/open-cage.ts'
import { relevantOutput } from '../../src/verify/relevant-output.ts'
import { areUncaged, type Checking, type CheckingOptions, openChecking } from './checking.ts'
import { type ChosenEffort, chooseEffort, type Effort, runEffort } from './effort.ts'
import { firstList } from './first-list.ts'
import { runFree } from './free.ts'
import { judgeEnd } from './judge-end.ts'
import type { Look } from './parse-looks.ts'
import { type ProtectedChanges, protectedChanges, sayRefusedPaths } from './protected-changes.ts'
import { sayFails } from './staged/fails.ts'
import { runStaged } from './staged/run-staged.ts'
import type { StagedResult } from './staged/state.ts'
import { SYNTAX, syntaxCheck } from './syntax-check.ts'
import { type UsualCompanion, usualCompanions } from './usual-companions.ts'
import { openWorkspace } from './workspace.ts'

/** kind: default 'implement'. */
export interface FeatureOptions
  extends CheckingOptions,
    Partial<Pick<RunOptions, 'kind'>>,
    Omit<RunOptions, 'kind' | 'ledger' | 'leastOutput' | 'isOneConversation'> {
  readonly store: Store
  readonly worktree: number
  readonly effort: Effort
  /** Called when a check fails before anything is paid or edited. Returns whether to go on. Absent: it goes on. */
  readonly goOn?: (broken: CheckResult) => Promise<boolean>
  /** Larger files are neither shown nor edited. */
  readonly maxFileBytes?: number
  /** What an earlier run for this request asked to see ('src/a.ts#f'): shown at once, which saves the call that names it. */
  readonly plan?: readonly string[] | undefined
  /** Where the request and its calls are recorded; default: the store's ledger. */
  readonly ledger?: Ledger
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
  /** Files that usually change with the changed ones, and did not. [] if the agent did not finish. */
  readonly usuallyToo: readonly UsualCompanion[]
  /** Protected paths that were changed, with what allowed it, and those that were refused. */
  readonly protected: ProtectedChanges
  readonly usage: Usage
  readonly transcript: string
}

/** What the request turned out to need: everything that the agent asked to see, in order. */
export interface Plan {
  readonly looked: readonly Look[]
  /** The same in words: 'src/a.ts#f', 'src/a.ts:1-9', 'search x in y'. */
  readonly opened: readonly string[]
}

const HIGH_STEPS = 24
const LEAST_OUTPUT = 350 // tokens; an edit takes more
const FIX_OF_BROKEN = 'mend it, or name another with --check; add --mend if this request is to mend it'

/**
 * Implements a request in a worktree of its own, and passes the result to `accept` before the worktree is removed.
 *
 * Low effort is staged (staged/run-staged.ts). High effort is a loop with tools. auto begins low; if the staged run ends without passing,
 * it continues with high effort in the same worktree. This function does not touch the user's files: `accept` decides.
 */
export async function implementRequest<T>(
  words: string,
  options: FeatureOptions,
  accept: (result: FeatureResult, worktree: AgentWorktree, plan: Plan) => Promise<T>,
): Promise<T> {
  const { store, signal, maxFileBytes, ledger = store.ledger, kind = 'implement' } = options
  const place = { store, worktree: options.worktree }
  const isApart = await areUncaged(options.repo.root, options)
  return withRun(words, { ...options, ledger, kind, isApart, leastOutput: LEAST_OUTPUT }, async (run) => {
    const { request, worktree, secrets, permission, transcript, ask, stepsLeft } = run
    const asked = readRequest(request)
    const files = await blocking(() => findFiles(store, options.worktree, asked))
    const { taken, removeIgnored } = worktree
    const workspace = openWorkspace(worktree.root, secrets, { permission, maxFileBytes, taken, removeIgnored, signal })
    const checking = openChecking(worktree, store.checks, secrets.secretsInOutput, options)
    const doubted = new Set<RepoPath>()
    const check = async () => {
      const results = await checking.run()
      if (results.length > 0) transcript.note('checks', { results })
      return [syntaxCheck([...doubted], results), ...results]
    }
    const list = await firstList(asked, files, place, workspace)
    ledger.notePacked(run.id, list.listed)
    const usuallyToo = (paths: readonly RepoPath[], made: readonly RepoPath[]) =>
      usualCompanions(place, asked, paths, made)
    /** For the model: files that it may not change are not offered. */
    const offered: typeof usuallyToo = (...given) =>
      usuallyToo(...given).filter(({ path }) => permission.verdictOf(path)?.allowedBy !== null)

    const each = { request, list, workspace, ask, check }
    const { note } = transcript
    const low = () =>
      runStaged({ ...each, plan: options.plan, stepsLeft, doubted, usuallyToo: offered, relevantOutput, note })
    const high = (news: string) =>
      runFree({ ...each, isBroken: checking.isBroken, news, maxSteps: Math.min(HIGH_STEPS, stepsLeft()) })
    const chosen = chooseEffort(options.effort, predictabilityOf(files))
    const unpaid = await brokenBefore(checking, note, options)
    const { effort, why, outcome } = unpaid
      ? { ...chosen, outcome: unpaid }
      : await keepingEdits(() => runEffort(options.effort, chosen, { low, high, stepsLeft, note }), chosen, signal)

    const ended: StagedResult = signal.aborted ? { ...outcome, stop: 'interrupted' } : outcome
    // nothing is edited between the last checks and 'done', or after interrupted checks
    const isAsChecked =
      ended.stop === 'done' || ended.checks.some(({ status }) => status === 'interrupted') || checking.isBroken()
    const end = (isAsChecked && checking.last()) || (await worktree.snapshot())
    const changes = await worktree.changes(end)
    const changed = [...changes.modified, ...changes.created, ...changes.deleted]
    const guard = () => protectedChanges(changed, permission, [worktree.root, options.repo.root])
    const guarded = signal.aborted ? guard() : await blocking(guard) // after Ctrl-C, blocking() throws: the result would be lost
    const judged = judgeEnd(ended, changed, guarded)
    const { stop, checks, opened, looked } = judged
    run.ended({ stop, opened, changed })
    const result: FeatureResult = {
      ...{ run: run.id, request, stop, reason: judged.reason ?? null, fix: judged.fix ?? null },
      ...{ effort, effortWhy: why },
      ...changes,
      ...{ diff: await worktree.diff(end), checks, cage: sayWhere(checking.place()) },
      notes: [
        ...judged.notes,
        ...checks.flatMap(takenAsMeant),
        ...sayRefusedPaths(guarded, options.isForeign === true),
        ...(run.usage().calls > 0 ? [...secrets.masked] : []).map(([path, kinds]) => sayMasked(path, kinds)),
      ],
      usuallyToo: stop === 'done' ? usuallyToo([...changes.modified, ...changes.deleted], changes.created) : [],
      ...{ protected: guarded, usage: run.usage(), transcript: transcript.path },
    }
    note('end', { ...result, diff: undefined })
    return accept(result, worktree, { looked, opened })
  })
}

/** After Ctrl-C, work on a reply throws the signal's reason. The edits of earlier replies are paid for, and kept as after any other end. */
async function keepingEdits(
  run: () => Promise<ChosenEffort & { readonly outcome: StagedResult }>,
  chosen: ChosenEffort,
  signal: AbortSignal,
): Promise<ChosenEffort & { readonly outcome: StagedResult }> {
  try {
    return await run()
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error
    return { ...chosen, outcome: { stop: 'interrupted', checks: [], opened: [], looked: [], notes: [] } }
  }
}

/** How the run ends if checks fail before any edit and the user wants to stop; null: it goes on. */
async function brokenBefore(
  checking: Checking,
  note: (event: string, data: object) => void,
  { goOn, signal }: FeatureOptions,
): Promise<StagedResult | null> {
  const checks = await checking.first()
  if (checks.length > 0) note('checks before any edit', { results: checks })
  if (!goOn || checks.length === 0 || signal.aborted || (await goOn(checks[0]!))) return null
  const reason = `${sayFails(checks[0])}; nothing was paid`
  return { stop: 'checks-failed', checks, opened: [], looked: [], notes: [], reason, fix: FIX_OF_BROKEN }
}

function sayWhere(place: ReturnType<Checking['place']>): FeatureResult['cage'] {
  if (place === null) return null
  return isCage(place) ? { caged: true, says: place.name } : { caged: false, says: place.why }
}

/** A note on syntax that the parser did not accept and the checks did. */
function takenAsMeant({ check, status, output }: CheckResult): readonly string[] {
  return check === SYNTAX && status === 'skipped' ? [`${output}: accepted, since the checks pass`] : []
}
