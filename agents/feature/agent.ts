import { join } from 'node:path'
import { readAsset } from '../../src/assets.ts'
import { addUsage, meteredLlm, NO_USAGE } from '../../src/llm/meter.ts'
import { runAgent } from '../../src/loop/run-agent.ts'
import type { Tool } from '../../src/loop/tool.ts'
import { openTranscript } from '../../src/loop/transcript.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { type AgentWorktree, openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { requestTerms } from '../../src/retrieve/request-terms.ts'
import { retrieve } from '../../src/retrieve/retrieve.ts'
import { termRarity } from '../../src/retrieve/term-rarity.ts'
import { redactSecrets } from '../../src/secrets.ts'
import type { Store } from '../../src/store/open-store.ts'
import { summaryReader } from '../../src/summary/summary-reader.ts'
import type { CheckResult, Llm, Message, RepoPath, StopReason, Usage } from '../../src/types.ts'
import { relevantOutput } from '../../src/verify/relevant-output.ts'
import { runChecks } from '../../src/verify/run-checks.ts'
import { firstLook } from './first-look.ts'
import { runStaged, type StagedResult } from './staged.ts'
import { featureTools, type ToolState } from './tools.ts'
import { usualCompanions } from './usual-companions.ts'
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
  /** True when the replies are recordings: the ledger then says that nothing was paid. */
  readonly recorded?: boolean
  readonly onProgress?: (text: string) => void
}

export interface FeatureResult {
  readonly request: string
  readonly stop: StopReason
  readonly reason: string | null
  readonly effort: 'low' | 'high'
  readonly modified: readonly RepoPath[]
  readonly created: readonly RepoPath[]
  readonly deleted: readonly RepoPath[]
  readonly diff: string
  readonly checks: readonly CheckResult[]
  readonly notes: readonly string[]
  /** Files that usually change with those that were, and did not. */
  readonly usuallyToo: readonly { readonly path: RepoPath; readonly why: string }[]
  readonly usage: Usage
  readonly transcript: string
}

const HIGH_STEPS = 24

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
  const { repo, store, signal, onProgress } = options
  const startedAt = Date.now()
  const transcript = openTranscript(join(repo.commonDir, 'repose', 'transcripts'), startedAt)
  const pack = retrieve(request, store, {
    root: repo.root,
    worktree: options.worktree,
    budgetTokens: 0,
    summaryOf: summaryReader(store, options.worktree),
  })
  const named = pack.files.filter((file) => file.role !== 'maybe').map((file) => file.path)
  const requestId = store.ledger.startRequest(startedAt, 'implement', request, named)
  let usage = NO_USAGE
  const llm = meteredLlm(options.llm, (call) => {
    usage = addUsage(usage, call.usage)
    store.ledger.addCall({
      ...call,
      at: call.startedAt,
      phase: 'test',
      request: requestId,
      ...(options.recorded ? { recorded: true } : {}),
    })
  })
  const ask = async (purpose: string, messages: readonly Message[], tools?: readonly Tool[]) => {
    const spent = usage.inputTokens + usage.outputTokens
    if (spent >= options.budgetTokens)
      return {
        stop: 'failed' as const,
        content: '',
        toolCalls: [],
        usage: NO_USAGE,
        message: `the token budget is used up (${spent} of ${options.budgetTokens})`,
      }
    const clean = await Promise.all(
      messages.map(async (message) => ({ ...message, content: await redactSecrets(message.content) })),
    )
    onProgress?.(`${purpose}: call ${usage.calls + 1}, ${spent} tokens so far`)
    const specs = tools?.map(({ name, description, parameters }) => ({ name, description, parameters }))
    const reply = await llm.complete({ purpose, messages: clean, ...(specs ? { tools: specs } : {}) }, signal)
    transcript.note('call', { purpose, messages: clean, reply })
    return reply
  }

  await sweepWorktrees(repo.root)
  const worktree = await openWorktree(repo.root)
  let stop: StopReason = 'interrupted'
  let opened: readonly string[] = []
  let changed: readonly RepoPath[] = []
  try {
    const workspace = openWorkspace(worktree.root)
    const check = async () => {
      if (options.checks.length > 0) onProgress?.(`checking: ${options.checks.join(', ')}`)
      const checks = options.checks.map((command) => ({ name: command, command, timeoutMs: options.checkTimeoutMs }))
      const results = await runChecks(worktree.root, checks, { signal })
      transcript.note('checks', { results })
      return [{ check: 'syntax', status: 'passed' as const, output: '', ms: 0 }, ...results] // applyEdits refuses new syntax errors
    }
    const weights = termRarity(store, options.worktree, requestTerms(request).terms)
    const look = await firstLook(pack.files, weights, store, options.worktree, workspace)
    const paths = pack.files.map((file) => file.path)
    const runLow = () =>
      runStaged({ request, pack: look, paths, workspace, ask, check, relevantOutput, note: transcript.note })
    const runHigh = (news: string) =>
      runFree(request, look, news, {
        ask,
        check,
        workspace,
        budgetLeft: () => usage.inputTokens + usage.outputTokens < options.budgetTokens,
      })
    let effort: 'low' | 'high' = options.effort === 'high' ? 'high' : 'low'
    let outcome = effort === 'high' ? await runHigh('') : await runLow()
    if (options.effort === 'auto' && (outcome.stop === 'checks-failed' || outcome.stop === 'out-of-turns')) {
      effort = 'high'
      transcript.note('promoted', { reason: outcome.reason })
      const sofar = outcome
      outcome = await runHigh(
        `A first attempt is in the files already. It ended so: ${outcome.reason ?? outcome.stop}.`,
      )
      outcome = { ...outcome, opened: [...sofar.opened, ...outcome.opened], notes: [...sofar.notes, ...outcome.notes] }
    }
    if (outcome.reason?.startsWith('the token budget')) outcome = { ...outcome, stop: 'out-of-budget' }
    if (signal.aborted) outcome = { ...outcome, stop: 'interrupted' }
    stop = outcome.stop
    opened = outcome.opened
    const changes = await worktree.changes()
    changed = [...changes.modified, ...changes.created, ...changes.deleted]
    const result: FeatureResult = {
      request,
      stop,
      reason: outcome.reason ?? null,
      effort,
      ...changes,
      diff: await worktree.diff(),
      checks: outcome.checks,
      notes: outcome.notes,
      usuallyToo: usualCompanions(store, options.worktree, changed),
      usage,
      transcript: transcript.path,
    }
    transcript.note('end', { ...result, diff: undefined })
    return await accept(result, worktree)
  } finally {
    store.ledger.endRequest(requestId, stop, opened, changed)
    await worktree.close()
  }
}

/** High effort: the loop with tools, from the same first look. */
async function runFree(
  request: string,
  look: string,
  news: string,
  {
    ask,
    check,
    workspace,
    budgetLeft,
  }: {
    ask: Parameters<typeof runAgent>[0]['ask']
    check: () => Promise<readonly CheckResult[]>
    workspace: ReturnType<typeof openWorkspace>
    budgetLeft: () => boolean
  },
): Promise<StagedResult> {
  const state: ToolState = { seen: new Set(), opened: [], notes: [], checks: [] }
  const editForm = readAsset('agents/feature/prompts/edit.md')
    .replace('Reply with all the edits, in this form and nothing else:', 'Form of `edits`:')
    .replace('@@ note one line for the user\n', '')
  const run = await runAgent({
    ask,
    tools: featureTools(workspace, state, check, relevantOutput, editForm),
    maxSteps: HIGH_STEPS,
    messages: [
      { role: 'system', content: readAsset('agents/feature/prompts/free.md').trim() },
      {
        role: 'user',
        content: `<request>\n${request}\n</request>\n\n<repository>\n${look}\n</repository>${news ? `\n\n${news}` : ''}`,
      },
    ],
    shouldStop: () => (budgetLeft() ? null : 'out-of-budget'),
  })
  const checks = run.stop === 'done' ? await check() : state.checks
  const failed = checks.find((one) => one.status === 'failed')
  const end = { checks, opened: state.opened, notes: state.notes }
  if (run.stop === 'done' && failed) return { ...end, stop: 'checks-failed', reason: `${failed.check} fails` }
  return { ...end, stop: run.stop, ...(run.reason ? { reason: run.reason } : {}) }
}
