import { expect, test } from 'vitest'
import { decide, type IdleSettings, type Signs } from '../../src/daemon/idle.ts'
import { screenOf } from '../../src/daemon/screen.ts'
import type { WatchState } from '../../src/daemon/state.ts'

const T = new Date(2026, 10, 25, 14, 0, 0).getTime()
const MINUTE = 60_000
const SETTINGS: IdleSettings = {
  shortMinutes: 3,
  longMinutes: 30,
  quietHours: [],
  allowedHours: ['19:00-07:00', '13:00-15:00'],
  maxLoad: 0.7,
  onBattery: false,
}
const SIGNS: Signs = {
  activity: null,
  watchingSince: T,
  isAfterWaking: false,
  operation: null,
  load: 0,
  power: { source: 'mains', percent: 80 },
  factsDueSince: null,
  budget: { kind: 'left', tokens: 30_000, usd: null },
  lastPass: null,
  isThinking: false,
  trouble: null,
}
const DONE = { grade: 'long', endedAt: T, end: 'done', reason: null, failures: 0, changedSince: false } as const

function rowOf(name: string, now: number, signs: Partial<Signs> = {}, state: Partial<WatchState> = {}): string {
  const lines = screenOf(
    {
      ...decide({ ...SIGNS, ...signs }, now, SETTINGS),
      pid: 7,
      root: '/shop',
      alongside: [],
      startedAt: T,
      writtenAt: now,
      watching: null,
      heartbeats: [],
      facts: null,
      thinking: null,
      lastPass: null,
      money: null,
      memoryMb: 50,
      ...state,
    },
    now,
  )
  return lines.find((line) => line.startsWith(`  ${name} `))!.slice(16)
}

test('what comes next is told in words, by the time of day where it has one', () => {
  const next = (now: number, signs: Partial<Signs> = {}) => rowOf('next', now, signs)
  expect(next(T + 1)).toBe('a short pass at 14:03:00, if nothing changes')
  expect(next(T + 1, { factsDueSince: T })).toBe('facts, as soon as it is quiet')
  const spent = { lastPass: { ...DONE, grade: 'short', end: 'budget' } } as const
  expect(next(T + 5 * MINUTE, spent)).toBe('a long pass at 14:30:00, if nothing changes')
  expect(next(T + 5 * MINUTE, { lastPass: { ...DONE, end: 'failed', failures: 2 } })).toBe(
    'a pass at 14:10:00, if nothing changes',
  )
  expect(next(T + 90 * MINUTE)).toBe('a pass at 19:00:00, if nothing changes') // outside the allowed hours
  expect(next(T + 5 * MINUTE, { load: 3 })).toBe('a pass when that is over; this is checked every half minute')
  expect(next(T + 5 * MINUTE, { lastPass: DONE })).toBe('a pass when something has changed')
})

test('at rest it says the same from look to look', () => {
  for (const signs of [{ lastPass: DONE }, { load: 3 }, { operation: { name: 'merge', since: T } as const }]) {
    const rows = [5, 6, 20].map((minutes) =>
      ['state', 'next'].map((name) => rowOf(name, T + minutes * MINUTE, signs)).join('\n'),
    )
    expect(new Set(rows).size).toBe(1)
  }
})

test('while it thinks: about what, how far, and what ends it; and what has been spent', () => {
  const thinking = { subject: 'src/cart.ts', done: 3, total: 40, grade: 'long', since: T + 40 * MINUTE } as const
  const now = T + 41 * MINUTE
  const signs = { isThinking: true }
  expect(rowOf('state', now, signs, { thinking })).toBe('thinking, long pass: no change since 14:00:00 (long pass)')
  expect(rowOf('thinks about', now, signs, { thinking })).toBe('src/cart.ts (3 of 40, for 60 s)')
  expect(rowOf('next', now, signs, { thinking })).toBe('ends with the first change of yours')
  const spent = { day: { tokens: 1234, usd: 0.5 }, month: { tokens: 9999, usd: 2 } }
  const money = { budget: { kind: 'left', tokens: 5000, usd: 1.5 }, spent } as const
  expect(rowOf('spent today', now, signs, { money })).toBe(
    '1,234 tokens, US$0.5000; a pass may spend 5,000 tokens and US$1.50',
  )
  expect(
    rowOf('spent today', now, signs, { money: { budget: { kind: 'free', why: 'no model is set' }, spent: null } }),
  ).toBe('nothing: no model is set')
})
