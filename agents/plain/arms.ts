import type { Repo } from '../../src/repo/open-repo.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm, RepoPath, StopReason, Usage } from '../../src/types.ts'
import { implementRequest } from '../feature/agent.ts'
import { runPlainAgent } from './agent.ts'

export const AGENT_ARMS = ['plain-agent', 'agent-low', 'agent-high', 'agent-auto'] as const

/** What each arm is, in a line, for reports. */
export const ARM_TEXT: Readonly<Record<AgentArm, string>> = {
  'plain-agent': 'a usual agent that lists, searches, reads and edits, with no pack',
  'agent-low': 'repose implement --effort low: few calls from the pack',
  'agent-high': 'repose implement --effort high: explores freely from the pack',
  'agent-auto': 'repose implement --effort auto: low, then high if that does not pass',
}

export type AgentArm = (typeof AGENT_ARMS)[number]

export interface ArmOptions {
  readonly repo: Repo
  /** Facts that the agent may know. The plain agent knows none. */
  readonly store: Store
  readonly worktree: number
  readonly llm: Llm
  /** Commit whose files the agent's worktree has; without it, what the user sees. */
  readonly at?: string
  /** Where the request and its calls are noted; without it, the store's. */
  readonly ledger?: Ledger
  /** Most calls. */
  readonly steps: number
  readonly budgetTokens: number
  readonly signal: AbortSignal
  readonly recorded?: boolean
  readonly onProgress?: (text: string) => void
}

export interface ArmResult {
  readonly stop: StopReason
  readonly reason: string | null
  /** How repose went about it; null for the plain agent. */
  readonly effort: 'low' | 'high' | null
  readonly modified: readonly RepoPath[]
  readonly created: readonly RepoPath[]
  readonly deleted: readonly RepoPath[]
  readonly usage: Usage
  readonly transcript: string
}

/** One request, implemented the way of one arm. No check is run: the dependencies of a past commit are seldom at hand. */
export async function runAgentArm(arm: AgentArm, request: string, options: ArmOptions): Promise<ArmResult> {
  if (arm === 'plain-agent') {
    const { store, ledger = store.ledger } = options
    return { ...(await runPlainAgent(request, { ...options, ledger })), effort: null }
  }
  const effort = arm === 'agent-low' ? 'low' : arm === 'agent-high' ? 'high' : 'auto'
  const noChecks = { checks: [], checkTimeoutMs: 1 }
  return implementRequest(request, { ...options, ...noChecks, effort }, async (result) => result)
}
