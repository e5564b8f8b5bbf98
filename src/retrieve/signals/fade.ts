const HALF_LIFE = 800 // commits

/**
 * What a past commit still says of today's files, from 1 down: half as much every 800 commits, or every `halfLife`. position: how many newer ones there are.
 * Chosen on the tuning features, where 300 to 2,000 are alike: docs/results.md#ranking.
 */
export function fade(position: number, halfLife = HALF_LIFE): number {
  return 2 ** (-position / halfLife)
}
