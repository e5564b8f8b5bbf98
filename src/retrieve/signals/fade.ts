const HALF_LIFE = 800 // commits

/**
 * What a past commit still says of today's files, from 1 down: half as much every 800 commits. position: how many newer ones there are.
 * Fitted with the weights: docs/results.md#ranking.
 */
export function fade(position: number): number {
  return 2 ** (-position / HALF_LIFE)
}
