import { describe, expect, test } from 'vitest'
import { Activity, type TreeEvent } from '../../src/daemon/activity.ts'
import { type Decision, decide, type IdleSettings, type LastPass, type Signs } from '../../src/daemon/idle.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** A Wednesday, two in the afternoon, local time. */
const T = new Date(2026, 10, 25, 14, 0, 0).getTime()

const SETTINGS: IdleSettings = {
  shortMinutes: 3,
  longMinutes: 30,
  quietHours: [],
  allowedHours: [],
  maxLoad: 0.7,
  onBattery: false,
}

const CALM: Signs = {
  activity: null,
  watchingSince: T,
  isAfterWaking: false,
  operation: null,
  load: 0.1,
  power: { source: 'unknown', percent: null },
  factsDueSince: null,
  budget: { kind: 'left', tokens: 50_000, usd: null },
  lastPass: null,
  isThinking: false,
  trouble: null,
}

const PASS: LastPass = { grade: 'short', endedAt: T, end: 'done', reason: null, failures: 0, changedSince: false }
const CAPPED: LastPass = {
  ...PASS,
  ...{ grade: 'long', end: 'capped', reason: 'the cap leaves too little', endedAt: T + 1900 * SECOND },
}

interface Situation {
  readonly title: string
  /** Seconds after T, and the path. */
  readonly trace?: readonly (readonly [number, string])[]
  readonly signs?: Partial<Signs>
  readonly settings?: Partial<IdleSettings>
  /** Seconds after T. */
  readonly at: number
  readonly expect: { state: Decision['state']; grade: Decision['grade']; reason: string | RegExp; nextLook?: number }
}

const save = (seconds: number, path = 'src/cart.ts') => [seconds, path] as const
const series = (from: number, every: number, count: number, path: string) =>
  Array.from({ length: count }, (_, i) => [from + i * every, path] as const)
const burst = (from: number, count: number, ms: number, name = 'out') =>
  Array.from(
    { length: count },
    (_, i) => [from + (i * ms) / 1000, `${name}/part${'abcdefghij'[i % 10]}${i}.json`] as const,
  )

const SITUATIONS: readonly Situation[] = [
  // the developer at work
  {
    title: 'the daemon has just been started',
    at: 5,
    expect: { state: 'active', grade: 'none', reason: 'watching began (14:00:00)', nextLook: 180 },
  },
  {
    title: 'a file was saved 20 ms ago: facts wait for the rest of the save',
    trace: [save(100)],
    signs: { factsDueSince: T + 100 * SECOND },
    at: 100.02,
    expect: { state: 'active', grade: 'none', reason: 'src/cart.ts changed at 14:01:40', nextLook: 100.04 },
  },
  {
    title: 'a file was saved 100 ms ago: facts are refreshed',
    trace: [save(100)],
    signs: { factsDueSince: T + 100 * SECOND },
    at: 100.1,
    expect: { state: 'active', grade: 'facts', reason: 'src/cart.ts changed at 14:01:40' },
  },
  {
    title: 'a file was saved a minute ago and the facts know it',
    trace: [save(100)],
    at: 160,
    expect: { state: 'active', grade: 'none', reason: 'src/cart.ts changed at 14:01:40', nextLook: 280 },
  },
  {
    title: 'a save every ten seconds for ten minutes',
    trace: series(0, 10, 60, 'src/cart.ts'),
    at: 595,
    expect: { state: 'active', grade: 'none', reason: 'src/cart.ts changed at 14:09:50' },
  },
  {
    title: 'an editor that saves once a minute on the clock while somebody types is no heartbeat',
    trace: series(0, 60, 30, 'src/cart.ts'),
    at: 30 * 60 - 30,
    expect: { state: 'active', grade: 'none', reason: /^src\/cart\.ts changed at 14:29:00$/ },
  },
  {
    title: 'a page of documentation saved on the clock a few times is no heartbeat either',
    trace: series(0, 60, 8, 'docs/guide.md'),
    at: 7 * 60 + 30,
    expect: { state: 'active', grade: 'none', reason: /^docs\/guide\.md changed/ },
  },
  {
    title: 'a change of which only the poll knows',
    trace: [[100, '']],
    at: 130,
    expect: { state: 'active', grade: 'none', reason: 'a file changed at 14:01:40' },
  },
  {
    title: 'a commit: git wrote the index, HEAD and the branch',
    trace: [
      [100, '.git/index'],
      [100.01, '.git/refs/heads/main'],
      [100.02, '.git/HEAD'],
    ],
    at: 120,
    expect: { state: 'active', grade: 'none', reason: 'git wrote HEAD at 14:01:40' },
  },
  {
    title: 'a commit wakes the facts too, since the history is part of them',
    trace: [[100, '.git/refs/heads/main']],
    signs: { factsDueSince: T + 100 * SECOND },
    at: 100.1,
    expect: { state: 'active', grade: 'facts', reason: 'git wrote refs/heads/main at 14:01:40' },
  },
  // rest
  {
    title: 'three minutes without a change: a short pass',
    trace: [save(0)],
    at: 180,
    expect: { state: 'idle', grade: 'short', reason: 'no change since 14:00:00 (short pass)', nextLook: 1800 },
  },
  {
    title: 'one second less',
    trace: [save(0)],
    at: 179,
    expect: { state: 'active', grade: 'none', reason: 'src/cart.ts changed at 14:00:00', nextLook: 180 },
  },
  {
    title: 'half an hour without a change: a long pass',
    trace: [save(0)],
    at: 1800,
    expect: { state: 'idle', grade: 'long', reason: 'no change since 14:00:00 (long pass)' },
  },
  {
    title: 'nobody was there from the start',
    at: 200,
    expect: { state: 'idle', grade: 'short', reason: 'no change since 14:00:00 (short pass)' },
  },
  {
    title: 'a rest, but the facts do not know the last save yet: facts come first',
    trace: [save(0)],
    signs: { factsDueSince: T },
    at: 200,
    expect: { state: 'idle', grade: 'facts', reason: 'src/cart.ts changed at 14:00:00' },
  },
  {
    title: 'the settings ask for more patience',
    trace: [save(0)],
    settings: { shortMinutes: 10 },
    at: 300,
    expect: { state: 'active', grade: 'none', reason: 'src/cart.ts changed at 14:00:00', nextLook: 600 },
  },
  {
    title: 'the clock was set back an hour: the last change lies ahead, and counts as now',
    trace: [save(3600)],
    at: 60,
    expect: { state: 'active', grade: 'none', reason: 'src/cart.ts changed at 15:00:00' },
  },
  {
    title: 'the clock was set back: facts do not wait for an hour',
    trace: [save(3600)],
    signs: { factsDueSince: T + 3600 * SECOND },
    at: 60,
    expect: { state: 'active', grade: 'facts', reason: 'src/cart.ts changed at 15:00:00' },
  },
  // the machine slept
  {
    title: 'the lid was closed for eight hours: the time asleep is no rest',
    trace: [save(0)],
    signs: { watchingSince: T + 8 * HOUR, isAfterWaking: true },
    at: 8 * 3600 + 20,
    expect: {
      state: 'active',
      grade: 'none',
      reason: 'the machine woke, and its sleep does not count as rest (22:00:00)',
      nextLook: 8 * 3600 + 180,
    },
  },
  {
    title: 'and three minutes after it woke nobody has come',
    trace: [save(0)],
    signs: { watchingSince: T + 8 * HOUR, isAfterWaking: true },
    at: 8 * 3600 + 181,
    expect: { state: 'idle', grade: 'short', reason: 'no change since 22:00:00 (short pass)' },
  },
  // programs
  {
    title: 'a build writes 200 files: that is activity',
    trace: burst(0, 200, 20),
    at: 60,
    expect: {
      state: 'active',
      grade: 'none',
      reason: '200 files changed at once, the last at 14:00:03: a build, a checkout or another agent',
    },
  },
  {
    title: 'in the midst of a burst facts wait for its end',
    trace: burst(0, 200, 20),
    signs: { factsDueSince: T },
    at: 4.1,
    expect: { state: 'active', grade: 'none', reason: /^200 files changed at once/, nextLook: 5.48 },
  },
  {
    title: 'a second and a half after a burst they are refreshed',
    trace: burst(0, 200, 20),
    signs: { factsDueSince: T },
    at: 5.5,
    expect: { state: 'active', grade: 'facts', reason: /^200 files changed at once/ },
  },
  {
    title: 'a burst that never ends: after ten seconds facts are refreshed all the same',
    trace: burst(0, 1000, 15),
    signs: { factsDueSince: T },
    at: 14.99,
    expect: { state: 'active', grade: 'facts', reason: /^1000 files changed at once/ },
  },
  {
    title: 'an agent at work for an hour, file after file',
    trace: Array.from({ length: 240 }, (_, i) => [i * 15 + (i % 7), `src/part${i % 40}.ts`] as const),
    at: 3599,
    expect: { state: 'active', grade: 'none', reason: /^src\/part\d+\.ts changed at 14:59:/ },
  },
  {
    title: 'nineteen files saved at once are still one person',
    trace: burst(0, 19, 10),
    at: 60,
    expect: { state: 'active', grade: 'none', reason: /^out\/part\w+\.json changed/ },
  },
  {
    title: 'three minutes after a burst there is rest',
    trace: burst(0, 200, 20),
    at: 185,
    expect: { state: 'idle', grade: 'short', reason: 'no change since 14:00:03 (short pass)' },
  },
  {
    title: 'a lone heartbeat file every 30 s is learned, and does not keep the daemon from thinking',
    trace: series(0, 30, 40, 'run/heartbeat.json'),
    at: 40 * 30,
    expect: { state: 'idle', grade: 'short', reason: /^no change since 14:0[0-3]:/ },
  },
  {
    title: 'a heartbeat with a beat missed is one still',
    trace: [...series(0, 30, 10, 'run/heartbeat.json'), ...series(330, 30, 10, 'run/heartbeat.json')],
    at: 620,
    expect: { state: 'idle', grade: 'short', reason: /^no change since 14:0[0-3]:/ },
  },
  {
    title: 'a heartbeat under changing names',
    trace: Array.from({ length: 40 }, (_, i) => [i * 30, `cache/${1000 + i}.tmp`] as const),
    at: 40 * 30,
    expect: { state: 'idle', grade: 'short', reason: /^no change since 14:0[0-3]:/ },
  },
  {
    title: 'a tool that refreshes the index of git every minute is a clock too',
    trace: series(0, 60, 30, '.git/index'),
    at: 1790,
    expect: { state: 'idle', grade: 'short', reason: /^no change since 14:0\d:/ },
  },
  {
    title: 'a heartbeat, and then the developer edits that very file',
    trace: [...series(0, 30, 20, 'run/heartbeat.json'), [580, 'run/heartbeat.json']],
    at: 600,
    expect: { state: 'active', grade: 'none', reason: 'run/heartbeat.json changed at 14:09:40' },
  },
  {
    title: 'irregular changes of a data file are no heartbeat',
    trace: [0, 20, 90, 100, 170, 300, 310, 390, 500].map((at) => [at, 'data/orders.json'] as const),
    at: 520,
    expect: { state: 'active', grade: 'none', reason: 'data/orders.json changed at 14:08:20' },
  },
  {
    title: 'a heartbeat goes on while the developer edits another file',
    trace: [...series(0, 30, 20, 'run/heartbeat.json'), save(585)],
    at: 600,
    expect: { state: 'active', grade: 'none', reason: 'src/cart.ts changed at 14:09:45' },
  },
  // git
  {
    title: 'a rebase stands still at a conflict for an hour',
    trace: [[0, '.git/rebase-merge']],
    signs: { operation: { name: 'rebase', since: T } },
    at: 3600,
    expect: { state: 'held', grade: 'none', reason: 'a rebase is in progress since 14:00:00', nextLook: 3630 },
  },
  {
    title: 'a merge waits for its commit',
    trace: [save(0)],
    signs: { operation: { name: 'merge', since: T } },
    at: 400,
    expect: { state: 'held', grade: 'none', reason: 'a merge is in progress since 14:00:00' },
  },
  {
    title: 'a bisect since yesterday',
    signs: { operation: { name: 'bisect', since: T - 20 * HOUR } },
    at: 400,
    expect: { state: 'held', grade: 'none', reason: 'a bisect is in progress since 2026-11-24 18:00:00' },
  },
  {
    title: 'facts are refreshed in the midst of a rebase: they are read from what is there',
    trace: [save(100)],
    signs: { operation: { name: 'rebase', since: T }, factsDueSince: T + 100 * SECOND },
    at: 101,
    expect: { state: 'active', grade: 'facts', reason: 'src/cart.ts changed at 14:01:40' },
  },
  {
    title: 'but they wait while a git command holds the index',
    trace: [save(100)],
    signs: { operation: { name: 'git command', since: T + 100 * SECOND }, factsDueSince: T + 100 * SECOND },
    at: 101,
    expect: { state: 'active', grade: 'none', reason: 'src/cart.ts changed at 14:01:40', nextLook: 101.1 },
  },
  {
    title: 'ten seconds at most',
    trace: [save(100)],
    signs: { operation: { name: 'git command', since: T + 100 * SECOND }, factsDueSince: T + 100 * SECOND },
    at: 110,
    expect: { state: 'active', grade: 'facts', reason: 'src/cart.ts changed at 14:01:40' },
  },
  // machine
  {
    title: 'on battery',
    signs: { power: { source: 'battery', percent: 83 } },
    at: 400,
    expect: { state: 'held', grade: 'none', reason: 'on battery (83 %)', nextLook: 460 },
  },
  {
    title: 'on battery, and that is allowed',
    signs: { power: { source: 'battery', percent: 83 } },
    settings: { onBattery: true },
    at: 400,
    expect: { state: 'idle', grade: 'short', reason: /short pass/ },
  },
  {
    title: 'something else keeps the machine busy',
    signs: { load: 1.7 },
    at: 400,
    expect: {
      state: 'held',
      grade: 'none',
      reason: 'the machine is busy: load 1.70 a core, at most 0.7',
      nextLook: 430,
    },
  },
  {
    title: 'the load of the pass itself does not end it',
    signs: { load: 1.7, isThinking: true },
    at: 400,
    expect: { state: 'idle', grade: 'short', reason: /short pass/ },
  },
  {
    title: 'a system that does not measure its load',
    signs: { load: null },
    at: 400,
    expect: { state: 'idle', grade: 'short', reason: /short pass/ },
  },
  // hours
  {
    title: 'quiet hours in the afternoon',
    settings: { quietHours: ['13:30-15:00'] },
    at: 400,
    expect: { state: 'held', grade: 'none', reason: 'quiet hours (13:30-15:00)', nextLook: 3600 },
  },
  {
    title: 'quiet hours past midnight, seen at one at night',
    signs: { watchingSince: T + 10 * HOUR },
    settings: { quietHours: ['22:00-06:00'] },
    at: 11 * 3600,
    expect: { state: 'held', grade: 'none', reason: 'quiet hours (22:00-06:00)', nextLook: 16 * 3600 },
  },
  {
    title: 'outside the allowed hours',
    settings: { allowedHours: ['19:00-07:00'] },
    at: 400,
    expect: { state: 'held', grade: 'none', reason: 'outside the allowed hours (19:00-07:00)', nextLook: 5 * 3600 },
  },
  {
    title: 'within the allowed hours, at night',
    settings: { allowedHours: ['19:00-07:00'] },
    at: 9 * 3600,
    expect: { state: 'idle', grade: 'long', reason: /long pass/ },
  },
  // spending
  {
    title: 'the cap of the day is reached',
    signs: { budget: { kind: 'reached', why: 'the cap of the day is reached', until: T + 10 * HOUR } },
    at: 400,
    expect: { state: 'held', grade: 'none', reason: 'the cap of the day is reached', nextLook: 36_000 },
  },
  {
    title: 'no model: what costs nothing is done',
    signs: { budget: { kind: 'free', why: 'no model is set' } },
    at: 400,
    expect: { state: 'idle', grade: 'short', reason: 'no change since 14:00:00 (without a model: no model is set)' },
  },
  // the last pass
  {
    title: 'after a short pass that found everything fresh the daemon waits for the long one, since only that drafts',
    signs: { lastPass: { ...PASS, endedAt: T + 200 * SECOND } },
    at: 400,
    expect: {
      state: 'idle',
      grade: 'none',
      reason: 'every summary was fresh at 14:03:20; a long pass begins at 14:30:00',
      nextLook: 1800,
    },
  },
  {
    title: 'no summary that was rejected is called fresh',
    signs: { lastPass: { ...PASS, endedAt: T + 200 * SECOND, rejected: 1 } },
    at: 400,
    expect: {
      state: 'idle',
      grade: 'none',
      reason: 'every summary was fresh or rejected at 14:03:20; a long pass begins at 14:30:00',
      nextLook: 1800,
    },
  },
  {
    title: 'and then the long one begins, although nothing has changed since',
    signs: { lastPass: { ...PASS, endedAt: T + 200 * SECOND } },
    at: 1800,
    expect: { state: 'idle', grade: 'long', reason: 'no change since 14:00:00 (long pass)' },
  },
  {
    title: 'without a model a long pass does no more than the short one did',
    signs: {
      budget: { kind: 'free', why: 'no model is set' },
      lastPass: { ...PASS, endedAt: T + 200 * SECOND },
    },
    at: 1800,
    expect: {
      state: 'idle',
      grade: 'none',
      reason: 'nothing left to think about: every summary was fresh at 14:03:20',
      nextLook: 5400,
    },
  },
  {
    title: 'the short pass kept what the caps leave for requests that wait',
    signs: { lastPass: { ...PASS, end: 'kept', reason: '2 requests wait for a draft', endedAt: T + 200 * SECOND } },
    at: 400,
    expect: {
      state: 'idle',
      grade: 'none',
      reason: '2 requests wait for a draft; a long pass begins at 14:30:00',
      nextLook: 1800,
    },
  },
  {
    title: 'a cap leaves too little for the remaining work: no pass before the next day',
    signs: {
      lastPass: CAPPED,
    },
    at: 9000,
    expect: { state: 'held', grade: 'none', reason: 'the cap leaves too little', nextLook: 10 * 3600 },
  },
  {
    title: 'a cap left too little, and the next day has come',
    signs: {
      lastPass: CAPPED,
    },
    at: 10 * 3600 + 1,
    expect: { state: 'idle', grade: 'long', reason: /long pass/ },
  },
  {
    title: 'a cap left too little, and a request has been added or a file changed',
    signs: {
      lastPass: {
        ...PASS,
        grade: 'long',
        end: 'capped',
        reason: 'the cap leaves too little',
        endedAt: T + 1900 * SECOND,
        changedSince: true,
      },
    },
    at: 2000,
    expect: { state: 'idle', grade: 'long', reason: /long pass/ },
  },
  {
    title: 'a long pass found everything fresh, and nothing has changed since',
    signs: { lastPass: { ...PASS, grade: 'long', endedAt: T + 1900 * SECOND } },
    at: 9000,
    expect: {
      state: 'idle',
      grade: 'none',
      reason: 'nothing left to think about: every summary was fresh at 14:31:40',
    },
  },
  {
    title: 'the last pass found everything fresh, but a file has changed since',
    trace: [save(300)],
    signs: { lastPass: { ...PASS, endedAt: T + 200 * SECOND, changedSince: true } },
    at: 500,
    expect: { state: 'idle', grade: 'short', reason: 'no change since 14:05:00 (short pass)' },
  },
  {
    title: 'the short pass has used its budget: the long one is waited for',
    signs: { lastPass: { ...PASS, end: 'budget', endedAt: T + 200 * SECOND } },
    at: 400,
    expect: {
      state: 'idle',
      grade: 'none',
      reason: 'the short pass used its budget at 14:03:20; a long pass begins at 14:30:00',
      nextLook: 1800,
    },
  },
  {
    title: 'the short pass has used its budget, and the developer came and went again',
    trace: [save(300)],
    signs: { lastPass: { ...PASS, end: 'budget', endedAt: T + 200 * SECOND } },
    at: 500,
    expect: { state: 'idle', grade: 'short', reason: 'no change since 14:05:00 (short pass)' },
  },
  {
    title: 'the long pass has used its budget',
    signs: { lastPass: { ...PASS, grade: 'long', end: 'budget', endedAt: T + 2000 * SECOND } },
    at: 2100,
    expect: {
      state: 'idle',
      grade: 'none',
      reason: 'the pass used its budget at 14:33:20; the next one begins after 30 min',
      nextLook: 3800,
    },
  },
  {
    title: 'the developer ended the last pass, and rests again',
    trace: [save(300)],
    signs: { lastPass: { ...PASS, end: 'woken', endedAt: T + 300 * SECOND } },
    at: 480,
    expect: { state: 'idle', grade: 'short', reason: 'no change since 14:05:00 (short pass)' },
  },
  {
    title: 'the last pass failed: the next try waits five minutes',
    signs: { lastPass: { ...PASS, end: 'failed', reason: 'no such model', failures: 1, endedAt: T + 200 * SECOND } },
    at: 400,
    expect: { state: 'held', grade: 'none', reason: 'the last pass failed at 14:03:20: no such model', nextLook: 500 },
  },
  {
    title: 'and after the third failure twenty',
    signs: { lastPass: { ...PASS, end: 'failed', reason: 'no such model', failures: 3, endedAt: T + 200 * SECOND } },
    at: 1399,
    expect: { state: 'held', grade: 'none', reason: /failed/, nextLook: 1400 },
  },
  {
    title: 'then it is tried again',
    signs: { lastPass: { ...PASS, end: 'failed', reason: 'no such model', failures: 3, endedAt: T + 200 * SECOND } },
    at: 1400,
    expect: { state: 'idle', grade: 'short', reason: /short pass/ },
  },
  {
    title: 'the last pass failed at a time that has not come, since the clock was set back',
    signs: { lastPass: { ...PASS, end: 'failed', reason: 'no such model', failures: 1, endedAt: T + 4000 * SECOND } },
    at: 400,
    expect: { state: 'idle', grade: 'short', reason: /short pass/ },
  },
  {
    title: 'somebody else runs a pass',
    signs: { lastPass: { ...PASS, end: 'busy', endedAt: T + 390 * SECOND } },
    at: 400,
    expect: { state: 'held', grade: 'none', reason: 'the last pass found another one running', nextLook: 450 },
  },
  {
    title: 'the repository has been deleted',
    trace: [save(0)],
    signs: { trouble: 'the repository is not there any more', factsDueSince: T },
    at: 400,
    expect: { state: 'stopped', grade: 'none', reason: 'the repository is not there any more', nextLook: 430 },
  },
]

function decideOn({ trace = [], signs, settings, at }: Situation): Decision {
  const activity = new Activity()
  for (const [seconds, path] of trace) activity.note({ at: T + seconds * SECOND, path } satisfies TreeEvent)
  return decide({ ...CALM, activity: activity.last, ...signs }, T + at * SECOND, { ...SETTINGS, ...settings })
}

describe('what is decided, and why, when', () => {
  test.each(SITUATIONS)('$title', (situation) => {
    const decision = decideOn(situation)
    const { state, grade, reason, nextLook } = situation.expect
    expect(decision).toMatchObject({ state, grade })
    if (typeof reason === 'string') expect(decision.reason).toBe(reason)
    else expect(decision.reason).toMatch(reason)
    if (nextLook !== undefined) expect((decision.nextLookAt - T) / SECOND).toBeCloseTo(nextLook, 2)
    expect(decision.nextLookAt).toBeGreaterThan(T + situation.at * SECOND)
  })
})

test('the same signs give the same decision, and are left as they were', () => {
  for (const situation of SITUATIONS) {
    expect(decideOn(situation)).toEqual(decideOn(situation))
  }
  const signs = Object.freeze({ ...CALM })
  expect(decide(signs, T + 400 * SECOND, Object.freeze({ ...SETTINGS }))).toMatchObject({ grade: 'short' })
})
