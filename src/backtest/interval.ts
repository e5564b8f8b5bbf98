import { seeded } from './seeded.ts'

/** A mean with its 95 % interval from resampling. */
export interface Estimate {
  readonly mean: number
  readonly low: number
  readonly high: number
}

const RESAMPLES = 2000
const SEED = 20_250_417

/**
 * Mean with its 95 % bootstrap interval (percentiles, Efron 1979), deterministic. values: one a task; for a paired comparison, the
 * differences. Empty: all NaN. O(2000 x values).
 */
export function estimate(values: readonly number[]): Estimate {
  return estimateOf(values, mean)
}

/** Any statistic of a sample, with its 95 % bootstrap interval. The items (tasks, or pairs of runs) are resampled. */
export function estimateOf<T>(items: readonly T[], statistic: (sample: readonly T[]) => number): Estimate {
  const random = seeded(SEED)
  const sample: T[] = [...items]
  const found = Array.from({ length: RESAMPLES }, () => {
    for (let i = 0; i < items.length; i++) sample[i] = items[Math.floor(random() * items.length)]!
    return statistic(sample)
  }).sort((a, b) => a - b)
  return {
    mean: statistic(items),
    low: found[Math.floor(0.025 * RESAMPLES)]!,
    high: found[Math.ceil(0.975 * RESAMPLES) - 1]!,
  }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The median, of two middle values the lower; NaN for an empty list. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN
}
