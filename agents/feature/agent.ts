import { join } from 'node:path'
import { blocking } from '../../src/blocking.ts'
import { addUsage, meteredLlm, NO_USAGE } from '../../src/llm/meter.ts'
import type { Asked } from '../../src/loop/run-agent.ts'
import type { Tool } from '../../src/loop/tool.ts'
import { openTranscript } from '../../src/loop/transcript.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { type AgentWorktree, openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import type { Snapshot } from '../../src/repo/write-tree.ts'
import { findFiles } from '../../src/retrieve/find-files.ts'
import { predictabilityOf } from '../../src/retrieve/name-files.ts'
import { sayMasked, secretKeeper } from '../../src/secret-keeper.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Changes, CheckResult, Llm, Message, RepoPath, StopReason, Usage } from '../../src/types.ts'
import { relevantOutput } from '../../src/verify/relevant-output.ts'
import { type Check, runChecks } from '../../src/verify/run-checks.ts'
import { firstLook } from './first-look.ts'
import { runFree } from './free.ts'
import { runStaged } from './staged.ts'
import { SYNTAX, syntaxCheck } from './syntax-check.ts'
import { type Companion, usualCompanions } from './usual-companions.ts'
import { openWorkspace } from './workspace.ts'

export type Effort = 'auto' | 'low' | 'high'

export interface FeatureOptions {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly llm: Llm
  readonly effort: Effort
  /** Commands that must pass, in this order. */
  readonly checks: readonly string[]
  readonly checkTimeoutMs: number
  /** All tokens of all calls; the run ends before a call that would begin beyond it. */
  readonly budgetTokens: number
  readonly signal: AbortSignal
  /** Commit whose files the agent's worktree has; without it, what the user sees. */
  readonly at?: string
  /** Where the request and its calls are noted; without it, the store's. */
  readonly ledger?: Ledger
  /** Most calls. */
  readonly steps?: number
  /** True when the replies are recordings: the ledger then says that nothing was paid. */
  readonly recorded?: boolean
  readonly onProgress?: (text: string) => void
}

export interface FeatureResult extends Changes {
  readonly request: string
  readonly stop: StopReason
  readonly reason: string | null
  /** What the user can do about that. */
  readonly fix: string | null
  readonly effort: 'low' | 'high'
  /** Why this effort. */
  readonly effortWhy: string
  readonly diff: string
  /** Of the last time they ran; where the agent did not finish, edits may have been made since. [] when none ran. */
  readonly checks: readonly CheckResult[]
  readonly notes: readonly string[]
  /** Files that usually change with those that were, and did not; [] where the agent did not finish. */
  readonly usuallyToo: readonly Companion[]
  readonly usage: Usage
  readonly transcript: string
}

const HIGH_STEPS = 24
const NOTHING = 'say more exactly what is to change; the transcript tells why nothing was'
const HARD = 0.15 // predictability; the expected F1 of the files that the ranking names

/**
 * Implements a request in a worktree of its own and hands the result to `accept` before that worktree goes.
 *
 * Low effort is staged (staged.ts); high effort is a loop with tools; auto begins low and goes on high, in the same
 * worktree, when the staged run ends without passing. The user's files are not touched here: `accept` decides.
 */
export async function implementRequest<T>(
  request: string,
  options: FeatureOptions,
  accept: (result: FeatureResult, worktree: AgentWorktree) => Promise<T>,
): Promise<T> {
  const { repo, store, signal, onProgress, ledger = options.store.ledger, steps = Infinity } = options
  const place = { store, worktree: options.worktree }
  const startedAt = Date.now()
  const transcript = openTranscript(join(repo.commonDir, 'repose', 'transcripts'), startedAt)
  const files = await blocking(() => findFiles(store, options.worktree, request))
  const requestId = ledger.startRequest(startedAt, 'implement', request, [])
  const secrets = secretKeeper()
  let usage = NO_USAGE
  const llm = meteredLlm(options.llm, (call) => {
    usage = addUsage(usage, call.usage)
    ledger.addCall({ ...call, phase: 'test', request: requestId, recorded: options.recorded })
  })
  const ask = async (purpose: string, messages: readonly Message[], tools?: readonly Tool[]): Promise<Asked> => {
    const spent = usage.inputTokens + usage.outputTokens
    if (spent >= options.budgetTokens)
      return unasked(
        'out-of-budget',
        `the token budget is used up (${spent} of ${options.budgetTokens})`,
        'raise --budget-tokens, or ask for less at once',
      )
    if (usage.calls >= steps)
      return unasked('out-of-turns', `the limit of ${steps} calls is reached`, 'ask for less at once')
    const clean = await Promise.all(
      messages.map(async (message) => ({ ...message, content: await secrets.redact(message.content) })),
    )
    onProgress?.(`${purpose}: call ${usage.calls + 1}, ${spent} tokens so far`)
    const specs = tools?.map(({ name, description, parameters }) => ({ name, description, parameters }))
    const reply = await llm.complete({ purpose, messages: clean, tools: specs }, signal)
    transcript.note('call', { purpose, messages: clean, reply })
    return reply
  }

  await sweepWorktrees(repo.root)
  const worktree = await openWorktree(repo.root, { at: options.at })
  let stop: StopReason = 'interrupted'
  let opened: readonly string[] = []
  let changed: readonly RepoPath[] = []
  try {
    const workspace = openWorkspace(worktree.root, secrets, signal)
    const doubted = new Set<RepoPath>()
    const check = async () => {
      if (options.checks.length > 0) onProgress?.(`checking: ${options.checks.join(', ')}`)
      const checks = options.checks.map((command) => ({ name: command, command, timeoutMs: options.checkTimeoutMs }))
      const results: CheckResult[] = await runApart(checks)
      for (const [i, result] of results.entries())
        if (result.status === 'failed' && (await failsBefore(checks.slice(0, i + 1))))
          results[i] = { ...result, failedBefore: true }
      transcript.note('checks', { results })
      return [syntaxCheck([...doubted], results), ...results]
    }
    let checked: Snapshot | null = null // what the last checks ran on
    /** Runs checks, and undoes what they did to the files. */
    const runApart = async (checks: readonly Check[]) => {
      if (checks.length === 0) return []
      const edited = await worktree.snapshot()
      checked = edited
      return runChecks(worktree.root, checks, { signal }).finally(() => worktree.restore(edited))
    }
    const before = new Map<string, boolean>()
    /** Whether the last of these checks fails where nothing was edited, after the others. Asked only when it has failed: most never do. */
    const failsBefore = async (upTo: readonly Check[]): Promise<boolean> => {
      const { command } = upTo.at(-1)!
      const known = before.get(command)
      if (known !== undefined || signal.aborted) return known ?? false
      onProgress?.(`checking without the edits: ${command}`)
      const bare = await openWorktree(repo.root, { at: options.at }).catch(() => null)
      if (!bare) return false // not known, and nothing to lose the edits for
      const results = await runChecks(bare.root, upTo, { signal }).finally(() => bare.close().catch(() => {}))
      const isBroken = results.at(-1)?.status === 'failed'
      if (!signal.aborted) before.set(command, isBroken)
      return isBroken && !signal.aborted
    }
    const look = await firstLook(request, files, place, workspace)
    ledger.notePacked(requestId, look.listed)
    const usuallyToo = (paths: readonly RepoPath[], made: readonly RepoPath[]) =>
      usualCompanions(place, request, paths, made)
    const stepsLeft = () => steps - usage.calls
    const runLow = () =>
      runStaged({
        request,
        look,
        workspace,
        ask,
        stepsLeft,
        check,
        doubted,
        usuallyToo,
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
    let outcome = effort === 'high' ? await runHigh('') : await runLow()
    const isUnfinished =
      (outcome.stop === 'checks-failed' && !outcome.checks.some(isSettled)) || outcome.stop === 'out-of-turns'
    if (options.effort === 'auto' && effort === 'low' && isUnfinished && stepsLeft() > 0) {
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
    const end = (outcome.stop === 'done' && checked) || (await worktree.snapshot()) // nothing is edited between the last checks and 'done'
    const changes = await worktree.changes(end)
    changed = [...changes.modified, ...changes.created, ...changes.deleted]
    if (outcome.stop === 'done' && changed.length === 0)
      outcome = { ...outcome, stop: 'nothing-changed', reason: 'the agent changed nothing', fix: NOTHING }
    stop = outcome.stop
    opened = outcome.opened
    const result: FeatureResult = {
      request,
      stop,
      reason: outcome.reason ?? null,
      fix: outcome.fix ?? null,
      effort,
      effortWhy: why,
      ...changes,
      diff: await worktree.diff(end),
      checks: outcome.checks,
      notes: [
        ...outcome.notes,
        ...outcome.checks.flatMap(takenAsMeant),
        ...[...secrets.masked].map(([path, kinds]) => sayMasked(path, kinds)),
      ],
      usuallyToo: stop === 'done' ? usuallyToo([...changes.modified, ...changes.deleted], changes.created) : [],
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

/** What the checks let through though the parser did not. */
function takenAsMeant({ check, status, output }: CheckResult): readonly string[] {
  return check === SYNTAX && status === 'skipped' ? [`${output}: taken as meant, since the checks pass`] : []
}

/** More looking does not mend it: it failed before any edit, or the model insists. */
function isSettled({ check, status, failedBefore }: CheckResult): boolean {
  return failedBefore === true || (check === SYNTAX && status === 'failed')
}

/** auto: low, unless the ranking cannot tell where the request belongs. A low run that does not finish is promoted later. */
function chooseEffort(wanted: Effort, predictability: number): { effort: 'low' | 'high'; why: string } {
  if (wanted !== 'auto') return { effort: wanted, why: 'as asked for' }
  const told = `predictability ${predictability.toFixed(2)}`
  return predictability < HARD
    ? { effort: 'high', why: `${told}: the history does not tell which files this changes` }
    : { effort: 'low', why: told }
}

/** What stands in place of a call that may not be made. */
function unasked(ends: StopReason, message: string, fix: string): Asked {
  return { stop: 'failed', ends, content: '', toolCalls: [], usage: NO_USAGE, message, fix }
}
