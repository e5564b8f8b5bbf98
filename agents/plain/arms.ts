import type { Ledger } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/open-store.ts'
import { implementRequest } from '../feature/agent.ts'
import { type PlainOptions, type PlainResult, runPlainAgent } from './agent.ts'

export const AGENT_ARMS = ['plain-agent', 'agent-low', 'agent-high', 'agent-auto'] as const

/** A description of each arm in one line, for reports. */
export const ARM_TEXT: Readonly<Record<AgentArm, string>> = {
  'plain-agent': 'a usual agent that lists, searches, reads and edits, with no pack',
  'agent-low': 'repose implement --effort low: few calls from the pack',
  'agent-high': 'repose implement --effort high: explores freely from the pack',
  'agent-auto': 'repose implement --effort auto: low, then high if that does not pass',
}

export type AgentArm = (typeof AGENT_ARMS)[number]

export interface ArmOptions extends Omit<PlainOptions, 'ledger'> {
  /** Facts for the agent. The plain agent gets none. */
  readonly store: Store
  readonly worktree: number
  /** Where the request and its calls are recorded; default: the store's ledger. */
  readonly ledger?: Ledger
}

export interface ArmResult extends Omit<PlainResult, 'request'> {
  /** Effort of repose's agent; null for the plain agent. */
  readonly effort: 'low' | 'high' | null
}

/** Implements one request with one arm. No check runs: the dependencies of a past commit are seldom installed. */
export async function runAgentArm(arm: AgentArm, request: string, options: ArmOptions): Promise<ArmResult> {
  if (arm === 'plain-agent') {
    const { store, ledger = store.ledger } = options
    return { ...(await runPlainAgent(request, { ...options, ledger })), effort: null }
  }
  const effort = arm === 'agent-low' ? 'low' : arm === 'agent-high' ? 'high' : 'auto'
  const noChecks = { checks: [], checkTimeoutMs: 1 }
  return implementRequest(request, { ...options, ...noChecks, effort }, async (result) => result)
}
