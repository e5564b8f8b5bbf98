/** A repository of a fleet, with what decides how much its night is worth. */
export interface FleetRepo {
  /** Address or path, as the list has it. */
  readonly name: string
  /** Commits of the last 30 days. */
  readonly commits: number
  /** Requests of its backlog that wait for a draft. */
  readonly waiting: number
  /** Files without a summary of what they are now. */
  readonly stale: number
  /** How much it matters beside the others; 1 is usual. */
  readonly weight: number
  /** Facts that nobody gave and no clone has: typical ones are taken. */
  readonly assumed: readonly FactName[]
}

export const FACTS = ['commits', 'waiting', 'stale'] as const
export type FactName = (typeof FACTS)[number]
