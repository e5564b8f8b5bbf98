import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { Activity } from '../../src/daemon/activity.ts'
import { type Decision, decide, type Signs } from '../../src/daemon/idle.ts'

/** Recorded on real repositories with bench/daemon-trace.ts. */
const FOLDER = join(PACKAGE_ROOT, 'test/daemon/traces')
const T = new Date(2026, 10, 25, 14).getTime()
const SETTINGS = { shortMinutes: 3, longMinutes: 30, quietHours: [], allowedHours: [], maxLoad: 0.7, onBattery: false }
const CALM: Signs = {
  activity: null,
  watchingSince: T - 60_000,
  isAfterWaking: false,
  operation: null,
  load: 0,
  power: { source: 'unknown', percent: null },
  factsDueSince: null,
  budget: { kind: 'left', tokens: null, usd: null },
  lastPass: null,
  isThinking: false,
  trouble: null,
}

/** A line an event, with ms since the command began; above them, what was done. */
function read(name: string): readonly (readonly [ms: number, path: string])[] {
  const lines = readFileSync(join(FOLDER, `${name}.txt`), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.slice(1).map((line) => [Number.parseInt(line, 10), line.slice(line.indexOf(' ') + 1)])
}

/** What is decided so many ms after the command began, and whether the newest event woke a pass. */
function at(name: string, ms: number, signs: Partial<Signs> = {}): Decision {
  const activity = new Activity()
  for (const [when, path] of read(name)) if (when <= ms) activity.note({ at: T + when, path })
  return decide({ ...CALM, activity: activity.last, ...signs }, T + ms, SETTINGS)
}

const EXPECTED: readonly (readonly [name: string, ms: number, expected: Partial<Decision>, signs?: Partial<Signs>])[] =
  [
    ['build', 9000, { state: 'active', grade: 'none', cause: 'burst' }],
    ['build', 9786, { grade: 'none', cause: 'burst' }, { factsDueSince: T + 8286 }],
    ['build', 11_300, { grade: 'facts', cause: 'burst' }, { factsDueSince: T + 8286 }],
    ['build', 9786 + 181_000, { state: 'idle', grade: 'short' }],
    ['rebase', 60, { state: 'active', grade: 'none' }],
    ['rebase', 119, { state: 'active', cause: 'burst' }],
    ['rebase', 10_119, { state: 'active', grade: 'none' }],
    ['rebase', 119 + 181_000, { state: 'held', cause: 'operation' }, { operation: { name: 'rebase', since: T } }],
    ['rebase', 119 + 181_000, { state: 'idle', grade: 'short' }],
    ['checkout', 150, { state: 'active', cause: 'burst' }],
    ['checkout', 1700, { grade: 'facts' }, { factsDueSince: T }],
    ['checkout', 146 + 1_801_000, { state: 'idle', grade: 'long' }],
    ['status', 20, { state: 'active', cause: 'git', reason: 'git wrote index at 14:00:00' }],
    ['vim', 200, { state: 'active', cause: 'developer', reason: 'src/pdm/.core.py.swp changed at 14:00:00' }],
    ['vim', 1300, { grade: 'facts', cause: 'developer' }, { factsDueSince: T + 1100 }],
    ['vim', 20_100, { state: 'active', cause: 'developer' }],
    ['vim', 20_022 + 181_000, { state: 'idle', grade: 'short' }],
    ['test-watcher', 20_000, { state: 'active', reason: 'one.test.mjs changed at 14:00:14' }],
    ['test-watcher', 28_069 + 181_000, { state: 'idle', grade: 'short' }],
    ['autosave', 27_163, { state: 'active', grade: 'none', reason: 'src/pdm/core.py changed at 14:00:27' }],
    ['autosave', 27_220, { grade: 'facts' }, { factsDueSince: T + 27_163 }],
    ['heartbeat', 10_000, { state: 'active', reason: 'alive.json changed at 14:00:08' }],
    ['heartbeat', 21_000 + 181_000, { state: 'idle', grade: 'short', reason: 'no change since 14:00:20' }],
  ]

describe('decisions on what was recorded', () => {
  for (const [name, ms, { reason, ...expected }, signs] of EXPECTED) {
    test(`${name} after ${ms} ms: ${Object.values(expected).join(', ')}${signs ? `, with ${Object.keys(signs)}` : ''}`, () => {
      const decision = at(name, ms, signs)
      expect(decision).toMatchObject(expected)
      if (reason !== undefined) expect(decision.reason).toContain(reason)
    })
  }
})

test('every trace is used, and none is empty', () => {
  const names = readdirSync(FOLDER).map((file) => file.replace('.txt', ''))
  expect(new Set(EXPECTED.map(([name]) => name))).toEqual(new Set(names))
  for (const name of names) expect(read(name).length).toBeGreaterThan(0)
})

test('a heartbeat that was learned does not wake a pass; all else does', () => {
  const woke = (name: string) => {
    const activity = new Activity()
    return read(name).map(([ms, path]) => activity.note({ at: T + ms, path }))
  }
  expect(woke('heartbeat').slice(6)).toEqual(Array(8).fill(false))
  for (const name of ['build', 'rebase', 'checkout', 'vim', 'autosave', 'test-watcher'])
    expect([name, woke(name).every(Boolean)]).toEqual([name, true])
})
