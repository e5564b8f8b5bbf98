import { FACTS, type FactName, type FleetRepo } from './fleet-repo.ts'
import type { ListedRepo } from './read-list.ts'

const USUAL: Readonly<Record<FactName, number>> = { commits: 20, waiting: 0, stale: 100 }

/** Repositories with the facts that are known of them; of a fact that is not, the median of the others. */
export function withTypicalFacts(
  listed: readonly ListedRepo[],
  known: readonly Partial<Record<FactName, number>>[],
): FleetRepo[] {
  const typical = Object.fromEntries(
    FACTS.map((fact) => [fact, median(known.flatMap((one) => one[fact] ?? [])) ?? USUAL[fact]]),
  ) as Record<FactName, number>
  return listed.map(({ name, weight }, i) => ({
    ...{ ...typical, ...known[i] },
    ...{ name, weight },
    assumed: FACTS.filter((fact) => known[i]![fact] === undefined),
  }))
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
