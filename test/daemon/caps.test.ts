import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { budgetOf, type Caps, readSpent } from '../../src/daemon/caps.ts'
import { nextMidnight } from '../../src/daemon/hours.ts'
import { openStore } from '../../src/store/open-store.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

const NOW = new Date(2026, 10, 25, 14).getTime()
const MODEL = { name: 'local', isPriced: true }
const spent = (day: number, month = day, usd: number | null = 0) => ({
  day: { tokens: day, usd },
  month: { tokens: month, usd },
})
const budget = (caps: Caps, used = spent(0), model: typeof MODEL | null = MODEL) =>
  budgetOf(caps, model, () => used, NOW)

describe('what a pass may spend', () => {
  test('nothing without a model, and nothing without a cap for a day or a month', () => {
    expect(budget({ dayTokens: 1000 }, spent(0), null)).toEqual({ kind: 'free', why: 'no model is set' })
    for (const caps of [{}, { passTokens: 1000 }, { passUsd: 1 }])
      expect(budget(caps)).toEqual({ kind: 'free', why: 'no cap for a day or a month is set, so local is not asked' })
  })

  test('the least that pass, day and month leave', () => {
    expect(budget({ dayTokens: 1000 }, spent(300))).toEqual({ kind: 'left', tokens: 700, usd: null })
    expect(budget({ dayTokens: 1000, passTokens: 500 }, spent(300))).toMatchObject({ tokens: 500 })
    expect(budget({ dayTokens: 1000, monthTokens: 5000 }, spent(300, 4900))).toMatchObject({ tokens: 100 })
    expect(budget({ dayUsd: 2, monthUsd: 10 }, spent(5, 9, 1.5))).toEqual({ kind: 'left', tokens: null, usd: 0.5 })
    expect(budget({ dayTokens: 1000, dayUsd: 2, passUsd: 0.1 }, spent(0))).toEqual({
      kind: 'left',
      tokens: 1000,
      usd: 0.1,
    })
  })

  test('a cap that is used up, or that is 0, holds until midnight', () => {
    const until = nextMidnight(NOW)
    expect(budget({ dayTokens: 1000 }, spent(1000))).toEqual({
      kind: 'reached',
      why: 'the cap of the day is reached',
      until,
    })
    expect(budget({ monthTokens: 1000 }, spent(0, 1200))).toMatchObject({
      kind: 'reached',
      why: 'the cap of the month is reached',
    })
    expect(budget({ dayTokens: 0 })).toMatchObject({ kind: 'reached' })
    expect(budget({ dayUsd: 0 })).toMatchObject({ kind: 'reached' })
  })

  test('what cannot be read counts as reached', () => {
    const unread = budgetOf(
      { dayTokens: 1000 },
      MODEL,
      () => {
        throw new Error('database disk image is malformed')
      },
      NOW,
    )
    expect(unread).toMatchObject({ kind: 'reached', why: expect.stringContaining('malformed') })
    expect(budget({ dayTokens: Number.NaN })).toMatchObject({ kind: 'reached', why: 'a cap is not a number' })
    expect(budget({ dayTokens: -1 })).toMatchObject({ kind: 'reached' })
    expect(budget({ dayTokens: 1000 }, spent(Number.NaN))).toMatchObject({ kind: 'reached' })
  })

  test('a cap in US$ counts as reached when the price is not known, of the model or of a call', () => {
    expect(budget({ dayUsd: 1 }, spent(0), { name: 'local', isPriced: false })).toMatchObject({
      kind: 'reached',
      why: expect.stringContaining('price of local'),
    })
    expect(budget({ monthUsd: 1 }, spent(10, 10, null))).toMatchObject({ kind: 'reached' })
    expect(budget({ dayTokens: 1000 }, spent(10, 10, null))).toMatchObject({ kind: 'left' })
  })
})

test('what was spent is read from the ledger: sleep only, by day and month, replays aside, and more for a pass that was killed', () => {
  const store = openStore(join(scratchFolder(), 'x.db'))
  const call = (at: number, tokens: number, more: object = {}) =>
    store.ledger.addCall({
      at,
      phase: 'sleep',
      purpose: 'file-summary',
      model: 'm',
      stop: 'done',
      ms: 1,
      usage: { calls: 1, inputTokens: tokens, cachedTokens: 0, outputTokens: 1, usd: 0.5 },
      ...more,
    })
  const yesterday = NOW - 24 * 3_600_000
  call(NOW, 100)
  call(yesterday, 1000)
  call(NOW - 40 * 24 * 3_600_000, 5000)
  call(NOW, 7, { phase: 'awake' })
  call(NOW, 9, { recorded: true })
  call(NOW + 3_600_000, 10) // the clock was ahead: it counts
  expect(readSpent(store.ledger, NOW)).toEqual({ day: { tokens: 112, usd: 1 }, month: { tokens: 1113, usd: 1.5 } })
  store.ledger.startPass(NOW, 'm', '/x')
  store.ledger.startPass(NOW, 'none', '/x')
  store.ledger.endPass(store.ledger.startPass(NOW, 'm', '/x'), NOW, 'done', null)
  expect(readSpent(store.ledger, NOW).day).toEqual({ tokens: 12_112, usd: 1 })
  store.close()
  expect(() => readSpent(store.ledger, NOW)).toThrow()
})
