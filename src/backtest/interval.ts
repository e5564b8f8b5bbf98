/** A mean with the range that holds it in 95 of 100 resamplings. */
export interface Estimate {
  readonly mean: number
  readonly low: number
  readonly high: number
}

const RESAMPLES = 2000
const SEED = 20_250_417

/**
 * Mean with its 95 % bootstrap interval (percentiles, Efron 1979), the same at each run.
 * values: one a task; for a paired comparison, the differences. Empty: all NaN. O(2000 x values).
 */
export function estimate(values: readonly number[]): Estimate {
  const random = mulberry32(SEED)
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)]!
    return sum / values.length
  }).sort((a, b) => a - b)
  return {
    mean: mean(values),
    low: means[Math.floor(0.025 * RESAMPLES)]!,
    high: means[Math.ceil(0.975 * RESAMPLES) - 1]!,
  }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Tommy Ettinger's generator (2017): 32 bits of state, from 0 up to 1. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
