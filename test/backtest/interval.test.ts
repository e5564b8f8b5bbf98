import { expect, test } from 'vitest'
import { estimate } from '../../src/backtest/interval.ts'

test('the interval holds the mean, is the same each time, and narrows with more values', () => {
  const few = Array.from({ length: 20 }, (_, i) => (i % 4) / 4)
  const many = Array.from({ length: 2000 }, (_, i) => (i % 4) / 4)
  const [a, b] = [estimate(few), estimate(many)]
  expect(estimate(few)).toEqual(a)
  expect(a.mean).toBeCloseTo(0.375)
  expect(a.low).toBeLessThan(a.mean)
  expect(a.high).toBeGreaterThan(a.mean)
  expect(b.high - b.low).toBeLessThan((a.high - a.low) / 5)
})

test('its width is about that of the normal approximation', () => {
  const values = Array.from({ length: 400 }, (_, i) => i % 2)
  const { low, high } = estimate(values)
  expect(high - low).toBeCloseTo(2 * 1.96 * Math.sqrt(0.25 / 400), 2)
})

test('one value has no width', () => {
  expect(estimate([0.3])).toEqual({ mean: 0.3, low: 0.3, high: 0.3 })
})
