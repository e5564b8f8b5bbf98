const HALF_LIFE = 800 // commits

/**
 * Weight of a past commit, from 1 down: it halves every 800 commits, or every `halfLife`. position: number of newer
 * commits. Chosen on the tuning features, where 300 to 2,000 give the same: docs/results.md#ranking.
 */
export function fade(position: number, halfLife = HALF_LIFE): number {
  return 2 ** (-position / halfLife)
}
