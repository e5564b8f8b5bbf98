import { readAsset } from '../../src/assets.ts'
import { type AgentOptions, runAgent } from '../../src/loop/run-agent.ts'
import type { Tool } from '../../src/loop/tool.ts'
import type { CheckResult } from '../../src/types.ts'
import { relevantOutput } from '../../src/verify/relevant-output.ts'
import { fixOfRefused } from './checking.ts'
import type { FirstList } from './first-list.ts'
import { freePrompt } from './prompts.ts'
import { FIX_OF_CHECKS, isRefused, sayFails } from './staged/fails.ts'
import { FIX_OF_NOTHING, type StagedResult } from './staged/state.ts'
import { featureTools, type ToolState } from './tools.ts'
import type { Workspace } from './workspace.ts'

export interface FreeOptions {
  readonly request: string
  readonly list: FirstList
  /** What was done before, and its result; '' for nothing. */
  readonly news: string
  readonly workspace: Workspace
  readonly ask: AgentOptions['ask']
  readonly check: () => Promise<readonly CheckResult[]>
  /** After a check: nothing may be done in the worktree any more. */
  readonly isBroken: () => boolean
  readonly maxSteps: number
}

/** High effort: the loop with tools, from the same first list. Checks run at the end, even if the model has run them. */
export async function runFree(options: FreeOptions): Promise<StagedResult> {
  const { request, list, news, workspace, ask, check, maxSteps } = options
  const state: ToolState = {
    seen: new Set(),
    looked: [],
    opened: [],
    notes: [],
    checks: [],
    hasEdits: news !== '',
    isAsked: false,
    nothing: null,
  }
  const editForm = readAsset('agents/feature/prompts/edit.md')
    .replace('Reply with all the edits, in these forms and nothing else:', 'Forms of `edits`:')
    .replace('@@ note one line for the user\n', '')
  const run = await runAgent({
    ask,
    tools: featureTools(list, workspace, state, check, relevantOutput, editForm).map((tool) => ({
      ...tool,
      run: (input) => unlessBroken(options, () => tool.run(input)),
    })),
    maxSteps,
    messages: freePrompt(request, list.text, news),
  })
  if (run.stop === 'done' && state.nothing !== null) {
    const { checks, looked, opened, notes } = state
    return { checks, looked, opened, notes, stop: 'nothing-to-change', reason: state.nothing, fix: FIX_OF_NOTHING }
  }
  const checks = run.stop === 'done' ? await check() : state.checks
  const failed = checks.find((one) => one.status === 'failed')
  const end = { checks, looked: state.looked, opened: state.opened, notes: state.notes }
  const refused = checks.find(isRefused)
  if (run.stop === 'done' && refused)
    return { ...end, stop: 'checks-failed', reason: refused.output, fix: fixOfRefused(refused) }
  if (run.stop === 'done' && failed)
    return { ...end, stop: 'checks-failed', reason: sayFails(failed), fix: FIX_OF_CHECKS }
  return { ...end, stop: run.stop, reason: run.reason, fix: run.fix }
}

/** Runs a tool; the run ends, also for further calls of the same reply, once nothing may be done in the worktree. */
async function unlessBroken(
  { isBroken }: Pick<FreeOptions, 'isBroken'>,
  run: () => ReturnType<Tool['run']>,
): ReturnType<Tool['run']> {
  const { text, ends } = isBroken() ? { text: 'not run' } : await run()
  return { text, ends: ends || isBroken() }
}
