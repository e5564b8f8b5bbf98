import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { readAsset } from '../../src/assets.ts'
import { findProtected } from '../../src/edit/find-protected.ts'
import { editPermission } from '../../src/edit/permission.ts'
import { Budget } from '../../src/llm/budget.ts'
import { addUsage, type MeteredCall, meteredLlm, NO_USAGE } from '../../src/llm/meter.ts'
import { openTranscript } from '../../src/loop/transcript.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { protectedHere } from '../../src/repo/protected-here.ts'
import { openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import type { Changes, Llm, Message, RepoPath, StopReason, Usage } from '../../src/types.ts'
import { runPlainLoop } from './loop.ts'
import { plainTools } from './tools.ts'

export interface PlainOptions {
  readonly repo: Repo
  readonly llm: Llm
  /** Where the request and its calls are recorded. */
  readonly ledger: Ledger
  /** Commit to check out in the agent's worktree. Absent: the state that the user sees. */
  readonly at?: string
  /** Most calls. */
  readonly steps: number
  /** All tokens of all calls. The run ends before a call for which too few are left. */
  readonly budgetTokens: number
  readonly signal: AbortSignal
  /** Larger files are neither shown nor edited. */
  readonly maxFileBytes?: number
  /** The replies are recordings: the ledger then notes that nothing was paid. */
  readonly recorded?: boolean
  readonly onProgress?: (text: string) => void
}

export interface PlainResult extends Changes {
  readonly request: string
  readonly stop: StopReason
  readonly reason: string | null
  readonly usage: Usage
  readonly transcript: string
}

const LEAST_OUTPUT = 200 // tokens; its steps are tool calls of about a hundred

/**
 * Implements a request as a usual coding agent does: without pack or index, it finds files by listing, searching and reading. It is the
 * baseline for repose. It works in a worktree of its own, which is removed before this returns; `changes` lists the files that it
 * touched. Whatever the model does is a result. Throws UserError if a worktree cannot be opened.
 */
export async function runPlainAgent(words: string, options: PlainOptions): Promise<PlainResult> {
  const { repo, ledger, steps, signal, at, recorded } = options
  const startedAt = Date.now()
  const transcript = openTranscript(join(repo.commonDir, 'repose', 'transcripts'), startedAt)
  const secrets = secretKeeper()
  const request = await secrets.redact(words)
  const requestId = ledger.startRequest(startedAt, 'plain', request, [])
  let usage = NO_USAGE
  const onCall = (call: MeteredCall) => {
    usage = addUsage(usage, call.usage)
    ledger.addCall({ ...call, phase: 'test', request: requestId, recorded })
  }
  const metered = meteredLlm(options.llm, onCall, secrets.redact)
  const llm = new Budget({ tokens: options.budgetTokens }, null, { leastOutput: LEAST_OUTPUT }).limit(metered)

  let stop: StopReason = 'interrupted'
  let changed: readonly RepoPath[] = []
  await sweepWorktrees(repo.root)
  const worktree = await openWorktree(repo.root, { at })
  try {
    const here = await protectedHere(worktree.root, (path) => findProtected(path) !== null, { also: [repo.root] })
    const tools = plainTools(await realpath(worktree.root), {
      secrets,
      permission: editPermission({ request, allowed: [], here }),
      maxFileBytes: options.maxFileBytes,
    })
    const specs = tools.map(({ name, description, parameters }) => ({ name, description, parameters }))
    let noted = 0
    const run = await runPlainLoop({
      tools,
      steps,
      clean: secrets.redact,
      messages: firstMessages(request, steps),
      async ask(messages) {
        options.onProgress?.(
          `step ${usage.calls + 1} of ${steps}, ${(usage.inputTokens + usage.outputTokens).toLocaleString('en')} tokens so far`,
        )
        const reply = await llm.complete({ purpose: 'step', messages, tools: specs }, signal)
        transcript.note('call', { purpose: 'step', newMessages: messages.slice(noted), reply })
        noted = messages.length
        return reply
      },
    })
    stop = signal.aborted ? 'interrupted' : run.stop
    const changes = await worktree.changes()
    changed = [...changes.modified, ...changes.created, ...changes.deleted]
    const result = { request, stop, reason: run.reason ?? null, ...changes, usage, transcript: transcript.path }
    transcript.note('end', result)
    return result
  } finally {
    const isGone = await worktree.close().finally(() => ledger.endRequest(requestId, stop, [], changed))
    if (!isGone) options.onProgress?.(`a file in ${worktree.root} is in use: the next run removes it`)
  }
}

/** The prompts of the plain agent, as they would be sent for this request. */
function firstMessages(request: string, steps: number): readonly Message[] {
  return [
    { role: 'system', content: readAsset('agents/plain/prompt.md').trim().replaceAll('{steps}', String(steps)) },
    { role: 'user', content: `Feature request:\n<request>\n${request}\n</request>` },
  ]
}
