import { DEFAULTS } from '../../src/config/defaults.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { addUsage, NO_USAGE } from '../../src/llm/meter.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Usage } from '../../src/types.ts'
import { implementRequest } from '../feature/agent.ts'
import { instructions } from '../mcp/instructions.ts'
import { type PlainOptions, type PlainResult, runPlainAgent } from './agent.ts'
import type { AgentArmId } from './arm-names.ts'

export interface ArmOptions extends Omit<PlainOptions, 'ledger'> {
  /** Facts for the agent. The plain agent gets none. */
  readonly store: Store
  readonly worktree: number
  /** For repose's agent: what it asked to see when it prepared the request asleep. */
  readonly plan?: readonly string[] | undefined
  /** Where the request and its calls are recorded; default: the store's ledger. */
  readonly ledger?: Ledger
}

export interface ArmResult extends Omit<PlainResult, 'request'> {
  /** Effort of repose's agent; null for the plain agent. */
  readonly effort: 'low' | 'high' | null
}

/** Implements one request with one arm. No check runs: the dependencies of a past commit are seldom installed. */
export async function runAgentArm(arm: AgentArmId, request: string, options: ArmOptions): Promise<ArmResult> {
  if (arm === 'plain-agent' || arm === 'served-agent' || arm === 'delegating-agent') {
    const { store, ledger = store.ledger } = options
    const served = arm === 'plain-agent' ? undefined : await serving(options, arm === 'delegating-agent')
    return { ...(await runPlainAgent(request, { ...options, ledger, ...(served && { served }) })), effort: null }
  }
  const effort = arm === 'agent-low' ? 'low' : arm === 'agent-high' ? 'high' : 'auto'
  const noChecks = { checks: [], checkTimeoutMs: 1 }
  return implementRequest(request, { ...options, ...noChecks, effort }, async (result) => ({
    ...result,
    servedUsage: NO_USAGE,
  }))
}

async function serving(options: ArmOptions, isDelegating: boolean): Promise<PlainOptions['served']> {
  const { implementTool, servedTools } = await import('./served-tools.ts') // zod takes 40 ms
  const { maxFileBytes = DEFAULTS.maxFileBytes } = options
  const { packTokens } = DEFAULTS
  let usage = NO_USAGE
  const onUsage = (more: Usage) => {
    usage = addUsage(usage, more)
  }
  const config = await readConfig(options.repo.root)
  return {
    says: instructions(isDelegating),
    usage: () => usage,
    toolsOf: (root) => {
      const tools = servedTools(root, { ...options, maxFileBytes, packTokens })
      return isDelegating ? [implementTool(root, { ...options, config, onUsage }), ...tools] : tools
    },
  }
}
