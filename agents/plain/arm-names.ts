/** The agents that are compared. */
export const AGENT_ARMS = [
  'plain-agent',
  'served-agent',
  'delegating-agent',
  'agent-low',
  'agent-high',
  'agent-auto',
] as const

/** A description of each arm in one line, for reports. */
export const ARM_TEXT: Readonly<Record<AgentArmId, string>> = {
  'plain-agent': 'a usual agent that lists, searches, reads and edits, with no pack',
  'served-agent': 'the same agent, with the tools of repose mcp beside its own',
  'delegating-agent': 'the same agent, with the tools of repose mcp --implement',
  'agent-low': 'repose implement --effort low: few calls from the pack',
  'agent-high': 'repose implement --effort high: explores freely from the pack',
  'agent-auto': 'repose implement --effort auto: low, then high if that does not pass',
}

export type AgentArmId = (typeof AGENT_ARMS)[number]
