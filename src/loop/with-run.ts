import { join } from 'node:path'
import { userFolder } from '../config/user-folder.ts'
import { protectedBelow } from '../edit/find-protected.ts'
import { editPermission, type Permission } from '../edit/permission.ts'
import { isFull, UserError } from '../errors.ts'
import { ABORTED } from '../llm/aborted.ts'
import { Budget } from '../llm/budget.ts'
import { addUsage, type MeteredCall, meteredLlm, NO_USAGE } from '../llm/meter.ts'
import type { Price } from '../llm/prices.ts'
import type { Repo } from '../repo/open-repo.ts'
import { protectedHere } from '../repo/protected-here.ts'
import { type AgentWorktree, openWorktree, sweepWorktrees } from '../repo/worktree.ts'
import { type SecretKeeper, secretKeeper } from '../secrets/secret-keeper.ts'
import type { CallRecord, Ledger } from '../store/ledger.ts'
import type { Llm, Message, RepoPath, StopReason, Usage } from '../types.ts'
import { noting } from './noting.ts'
import type { LoopReply } from './run-agent.ts'
import type { Tool } from './tool.ts'
import { openTranscript, type Transcript } from './transcript.ts'

export interface RunOptions {
  readonly repo: Repo
  readonly llm: Llm
  /** Where the request and its calls are recorded. */
  readonly ledger: Ledger
  /** The request's command in the ledger. */
  readonly kind: 'implement' | 'draft' | 'plain'
  /** Phase of the calls in the ledger. Default: 'awake', a user is waiting. */
  readonly phase?: CallRecord['phase']
  /** The sleep pass that makes the calls. */
  readonly pass?: number
  /** Commit to check out in the agent's worktree. Absent: the state that the user sees. */
  readonly at?: string
  /** With `at`: installed dependencies of the user are linked into the worktree all the same. */
  readonly isLinked?: boolean
  /** As in WorktreeOptions. */
  readonly isApart?: boolean
  /** Most calls. */
  readonly steps?: number
  /** All tokens of all calls. The run ends before a call for which too few are left. */
  readonly budgetTokens: number
  /** The same in US$, by `price`. */
  readonly maxUsd?: number | undefined
  readonly price?: Price | null
  /** A call with room for fewer output tokens is not made: a reply that is cut off is paid for in vain. */
  readonly leastOutput: number
  /** Protected paths that may be changed in addition to those that the request names: files, and folders with everything in them. */
  readonly allowed?: readonly RepoPath[]
  /** The words of the user that allow protected paths by naming them. Default: the request. */
  readonly permits?: string
  /** The request is a text from outside: naming a protected path allows nothing. */
  readonly isForeign?: boolean
  readonly signal: AbortSignal
  readonly onProgress?: (text: string) => void
  /** The replies are recordings: the ledger then notes that nothing was paid. */
  readonly recorded?: boolean
  /** Every call repeats the messages of the one before it: the transcript notes only the new ones. */
  readonly isOneConversation?: boolean
}

/** What every run of an agent needs, open until its body returns. */
export interface AgentRun {
  /** Number of the request in the ledger. */
  readonly id: number
  /** The request, without secrets. */
  readonly request: string
  /** The agent's own files. */
  readonly worktree: AgentWorktree
  readonly secrets: SecretKeeper
  /** Which protected paths may be changed. */
  readonly permission: Permission
  readonly transcript: Transcript
  /** All calls so far. */
  usage(): Usage
  /** Calls that are left; Infinity without a limit. */
  stepsLeft(): number
  /** Calls the model within the limits of the run. The call is recorded in ledger and transcript. */
  ask(purpose: string, messages: readonly Message[], tools?: readonly Tool[]): Promise<LoopReply>
  /** Notes how the run ended, for the ledger. Without it the run counts as interrupted. */
  ended(end: RunEnd): void
}

export interface RunEnd {
  readonly stop: StopReason
  /** What the agent asked to see: 'src/a.ts#f', 'search x in y'. */
  readonly opened: readonly string[]
  readonly changed: readonly RepoPath[]
}

/**
 * Opens a run of an agent, passes it to `body`, and closes it whatever happens: the worktree is removed and the end is recorded. The
 * user's files are not touched. Throws UserError if a worktree cannot be opened; throws what `body` throws.
 *
 * words: the request; secrets in it are left out.
 */
export async function withRun<T>(words: string, options: RunOptions, body: (run: AgentRun) => Promise<T>): Promise<T> {
  const { repo, ledger, onProgress, allowed = [], isForeign = false } = options
  const startedAt = Date.now()
  const secrets = secretKeeper()
  const request = await secrets.redact(words)
  const id = ledger.startRequest(startedAt, options.kind, request, [])
  const isKept = () => ledger.keptAs(id) !== null
  const transcript = openTranscript(join(repo.commonDir, 'repose', 'transcripts'), startedAt, isKept)
  let end: RunEnd = { stop: 'interrupted', opened: [], changed: [] }
  await sweepWorktrees(repo)
  const worktree = await openWorktree(repo, { at: options.at, isLinked: options.isLinked, isApart: options.isApart })
  try {
    const here = await protectedHere(worktree.root, protectedBelow, {
      user: repo.root,
      own: [userFolder()],
      staged: worktree.staged,
    })
    return await body({
      ...{ id, request, worktree, secrets, transcript },
      permission: editPermission({ request: isForeign ? null : (options.permits ?? request), allowed, here }),
      ...callsOf(id, secrets, transcript, options),
      ended: (how) => {
        end = how
      },
    })
  } catch (error) {
    if (!isFull(error)) throw error
    throw new UserError(
      'no space left on the disk',
      `free some space; what the model replied is in ${transcript.path}`,
      {
        exitCode: 1,
        cause: error,
      },
    )
  } finally {
    const isGone = await worktree
      .close()
      .finally(() => noting(() => ledger.endRequest(id, end.stop, end.opened, end.changed)))
    if (!isGone) onProgress?.(`${worktree.root} is still in use: a later run removes it`)
  }
}

/** The model of a run: limited, metered, and noted in the transcript. */
function callsOf(
  id: number,
  secrets: SecretKeeper,
  transcript: Transcript,
  options: RunOptions,
): Pick<AgentRun, 'ask' | 'usage' | 'stepsLeft'> {
  const { ledger, phase = 'awake', pass, recorded, signal, steps = Infinity } = options
  let usage = NO_USAGE
  let noted = 0 // messages of the conversation that the transcript has
  const onCall = (call: MeteredCall) => {
    usage = addUsage(usage, call.usage)
    const add = () => ledger.addCall({ ...call, phase, pass, request: id, recorded })
    // caps of a night count what the ledger has, so there a call that it lacks ends the pass
    if (phase === 'awake') noting(add)
    else add()
  }
  const limits = { tokens: options.budgetTokens, usd: options.maxUsd }
  const budget = new Budget(limits, options.price ?? null, { leastOutput: options.leastOutput })
  const llm = budget.limit(meteredLlm(options.llm, onCall, secrets.redact))
  return {
    usage: () => usage,
    stepsLeft: () => steps - usage.calls,
    async ask(purpose, messages, tools) {
      if (signal.aborted) return ABORTED // a check before it was ended: no call was made
      if (usage.calls >= steps) return outOfTurns(steps)
      options.onProgress?.(
        `${purpose}: call ${usage.calls + 1}, ${(usage.inputTokens + usage.outputTokens).toLocaleString('en')} tokens so far`,
      )
      const specs = tools?.map(({ name, description, parameters }) => ({ name, description, parameters }))
      const reply = await llm.complete({ purpose, messages, tools: specs }, signal)
      const sent = options.isOneConversation ? { newMessages: messages.slice(noted) } : { messages }
      transcript.note('call', { purpose, ...sent, reply })
      noted = messages.length
      return reply.failure === 'budget' ? { ...reply, ends: 'out-of-budget' } : reply
    },
  }
}

/** Result in place of a call that the limit of calls forbids. */
function outOfTurns(steps: number): LoopReply {
  const message = `the limit of ${steps} calls is reached`
  return {
    ...{ stop: 'failed', ends: 'out-of-turns', content: '', toolCalls: [], usage: NO_USAGE },
    message,
    fix: 'ask for less at once',
  }
}
