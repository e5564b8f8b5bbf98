/** An arm's forecast for one file of one task, and the outcome. */
export interface Forecast {
  /** From 0 to 1. */
  readonly probability: number
  readonly changed: boolean
}

export interface Calibration {
  /** Mean squared error of the probabilities (Brier 1950): 0 is perfect. */
  readonly brier: number
  /** Ten ranges of probability; those without a file are left out. */
  readonly bins: readonly {
    readonly from: number
    readonly to: number
    readonly count: number
    /** Mean of the forecast probabilities. */
    readonly forecast: number
    /** Share of files that were changed. */
    readonly changed: number
  }[]
}

const BINS = 10

/** Reliability of the probabilities of listed files: ten bins, and the Brier score. null: no forecasts. Linear. */
export function calibrationOf(forecasts: readonly Forecast[]): Calibration | null {
  if (forecasts.length === 0) return null
  const bins = Array.from({ length: BINS }, () => ({ count: 0, forecast: 0, changed: 0 }))
  let squares = 0
  for (const { probability, changed } of forecasts) {
    const bin = bins[Math.min(BINS - 1, Math.floor(probability * BINS))]!
    bin.count++
    bin.forecast += probability
    bin.changed += Number(changed)
    squares += (probability - Number(changed)) ** 2
  }
  return {
    brier: squares / forecasts.length,
    bins: bins
      .map(({ count, forecast, changed }, i) => ({
        from: i / BINS,
        to: (i + 1) / BINS,
        count,
        forecast: forecast / count,
        changed: changed / count,
      }))
      .filter(({ count }) => count > 0),
  }
}
