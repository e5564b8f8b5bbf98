import { expect, test } from 'vitest'
import { calibrationOf } from '../../src/backtest/calibration.ts'

test('each bin says what was predicted and what happened; the Brier score is the mean squared error', () => {
  const forecasts = [
    { probability: 0.05, changed: false },
    { probability: 0.03, changed: true },
    { probability: 0.9, changed: true },
    { probability: 1, changed: true },
    { probability: 0.95, changed: false },
  ]
  const { brier, bins } = calibrationOf(forecasts)!
  expect(bins.map(({ from, count }) => [from, count])).toEqual([
    [0, 2],
    [0.9, 3],
  ])
  expect(bins[0]!.forecast).toBeCloseTo(0.04)
  expect(bins[0]!.changed).toBe(0.5)
  expect(bins[1]!.forecast).toBeCloseTo(0.95)
  expect(bins[1]!.changed).toBeCloseTo(2 / 3)
  expect(brier).toBeCloseTo((0.05 ** 2 + 0.97 ** 2 + 0.1 ** 2 + 0 + 0.95 ** 2) / 5)
})

test('without forecasts there is no calibration', () => {
  expect(calibrationOf([])).toBeNull()
})
