import { expect, test } from 'vitest'
import { type History, type Settings, simulateFleet } from '../../bench/fleet-simulation.ts'

/** A repository that changes a few files often and many seldom, on every `every`th day. */
const history = (every: number): History => {
  const days = Array.from({ length: 600 }, (_, i) => i).filter((day) => day % every === 0)
  return { days, files: days.map((day) => [day % 3, 3 + (day % 97)]) }
}
const HISTORIES = [history(1), history(2), history(30), history(30), history(30)]
const SETTINGS: Settings = {
  ...{
    repos: 60,
    nights: 30,
    budgetTokens: 600_000,
    mostJobs: 1000,
    way: 'by worth',
    lost: 0.05,
    double: 0.03,
    seed: 7,
  },
}

test('the same seed gives the same nights, and a night spends no more than its budget, but for doubled jobs', () => {
  const out = simulateFleet(HISTORIES, SETTINGS)
  expect(simulateFleet(HISTORIES, SETTINGS)).toEqual(out)
  expect(out.tokens).toBeLessThanOrEqual(30 * 600_000 * 1.1)
  expect(simulateFleet(HISTORIES, { ...SETTINGS, double: 0 }).tokens).toBeLessThanOrEqual(30 * 600_000)
})

test('a division by worth uses more of what it thinks than equal shares', () => {
  const [worth, equal] = [
    simulateFleet(HISTORIES, SETTINGS),
    simulateFleet(HISTORIES, { ...SETTINGS, way: 'equal shares' }),
  ]
  expect(worth.used / worth.thought).toBeGreaterThan(equal.used / equal.thought)
  expect(worth.drained / worth.filed).toBeGreaterThan(equal.drained / equal.filed)
})

test('lost jobs cost tokens and no more', () => {
  const [sure, unlucky] = [
    simulateFleet(HISTORIES, { ...SETTINGS, lost: 0 }),
    simulateFleet(HISTORIES, { ...SETTINGS, lost: 0.3 }),
  ]
  expect(unlucky.drained).toBeLessThan(sure.drained)
  expect(unlucky.drained).toBeGreaterThan(0.6 * sure.drained)
})
