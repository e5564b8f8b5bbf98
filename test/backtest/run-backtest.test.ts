import { afterEach, beforeEach, expect, test } from 'vitest'
import { rankingText } from '../../bin/commands/backtest-tables.ts'
import type { Arm } from '../../src/backtest/arm.ts'
import { reportOf } from '../../src/backtest/report.ts'
import { type BacktestOptions, runBacktest } from '../../src/backtest/run-backtest.ts'
import type { PastFeature } from '../../src/history/mine-features.ts'
import type { Request } from '../../src/request/read-request.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'

let store: Store
beforeEach(() => {
  store = openStore(':memory:')
})
afterEach(() => store.close())

const feature = (n: number, more: Partial<PastFeature> = {}): PastFeature => ({
  commit: `commit${n}`,
  base: `base${n}`,
  time: 1000 * n,
  title: `Add ${n}`,
  body: `Text ${n}`,
  modified: [],
  modifiedSource: ['src/a.ts', 'src/b.ts', `src/${n}.ts`],
  created: [],
  deleted: [],
  ...more,
})
const newestFirst = (count: number) => Array.from({ length: count }, (_, i) => feature(count - i))

const always = (id: string, ...files: string[]): Arm => ({ id, text: id, rank: () => ({ files, named: files }) })

function options(asked: string[], more: Partial<BacktestOptions> = {}): BacktestOptions {
  return {
    features: newestFirst(3),
    arms: [always('bm25', 'src/a.ts'), always('repose', 'src/a.ts', 'src/b.ts')],
    titleOnly: false,
    facts: {
      prepare: async (commits) => void asked.push(`prepare ${commits.join(' ')}`),
      at: async (commit) => {
        asked.push(commit)
        return { store, worktree: 1 }
      },
      mine: async (commit) => void asked.push(`mine ${commit}`),
    },
    ...more,
  }
}

test('tasks go from the oldest to the newest, each ranked at the state before it', async () => {
  const asked: string[] = []
  const { tasks, isComplete } = await runBacktest(options(asked))
  expect(asked).toEqual(['prepare base1 base2 base3', 'mine base1', 'base1', 'base2', 'base3'])
  expect(tasks.map((task) => task.feature.commit)).toEqual(['commit1', 'commit2', 'commit3'])
  expect(tasks[0]!.scores.get('repose')!.recall10).toBeCloseTo(2 / 3)
  expect(isComplete).toBe(true)
})

test('an arm is told the request and the state, by title alone if so wanted', async () => {
  const requests: string[] = []
  const rank = ({ text }: Request) => {
    requests.push(text)
    return { files: [], named: [] }
  }
  const spy: Arm = { id: 'spy', text: 'spy', rank }
  await runBacktest(options([], { arms: [spy], features: [feature(1)] }))
  await runBacktest(options([], { arms: [spy], features: [feature(1)], titleOnly: true }))
  await runBacktest(options([], { arms: [spy], features: [feature(1, { body: '' })] }))
  expect(requests).toEqual(['Add 1\n\nText 1', 'Add 1', 'Add 1'])
})

test('an abort ends the run with what is done so far; a failure is thrown', async () => {
  const controller = new AbortController()
  const asked: string[] = []
  const aborting = options(asked, {
    features: newestFirst(25),
    signal: controller.signal,
    onTask: ({ feature: { time } }) => time === 12_000 && controller.abort(),
  })
  const { tasks, isComplete } = await runBacktest(aborting)
  expect([tasks.length, isComplete]).toEqual([12, false])
  expect(asked.filter((what) => what.startsWith('mine'))).toEqual(['mine base1', 'mine base11'])
  const failing = options([], {
    facts: { prepare: async () => {}, mine: async () => {}, at: () => Promise.reject(new Error('no such commit')) },
  })
  await expect(runBacktest(failing)).rejects.toThrow('no such commit')
})

test('contents are read for ten tasks at a time, so that a run that is cut short has something to show', async () => {
  const asked: string[] = []
  await runBacktest(options(asked, { features: newestFirst(25) }))
  expect(asked.filter((line) => line.startsWith('prepare')).map((line) => line.split(' ').length - 1)).toEqual([
    10, 10, 5,
  ])
})

const RUN = { head: 'h', stop: 'done', titleOnly: false, seconds: 1, planned: 3, candidates: 10, dropped: [] } as const

test('the report compares with the other arm task by task, and shows the worst tasks first', async () => {
  const arms = options([]).arms
  const features = [feature(2, { modifiedSource: ['src/x.ts', 'src/y.ts', 'src/z.ts'] }), feature(1)]
  const { tasks } = await runBacktest(options([], { features }))
  const report = reportOf(tasks, arms, RUN)
  expect(report.arms.map(({ id, named }) => [id, named])).toEqual([
    ['bm25', 1],
    ['repose', 2],
  ])
  expect(report.arms[1]!.figures.recall10.mean).toBeCloseTo(1 / 3)
  expect(report.gain).toMatchObject({ arm: 'repose', over: 'bm25', text: 'the only other arm' })
  expect(report.gain!.figures.recall10.mean).toBeCloseTo((1 / 3 + 0) / 2)
  expect(report.worst.map(({ commit }) => commit)).toEqual(['commit2', 'commit1'])
  expect(report.worst[0]).toMatchObject({
    f1: 0,
    missed: [{ path: 'src/x.ts', place: null }, { path: 'src/y.ts' }, { path: 'src/z.ts' }],
    wrong: ['src/a.ts', 'src/b.ts'],
  })
  const text = rankingText(report)
  expect(text).toContain(
    'missed src/z.ts (not listed)\n      named src/a.ts, src/b.ts, which it did not change\n  commit1 ',
  )
  expect(text).toContain('missed src/1.ts (not listed)\n      named no other\n')
  const none = await runBacktest(options([], { features: [feature(1)], arms: [always('repose')] }))
  expect(rankingText(reportOf(none.tasks, [always('repose')], RUN))).toContain('(not listed)\n      named none\n')
  expect(report.tasks.map(({ changed, named, missed }) => ({ changed, named, missed }))).toEqual([
    {
      changed: ['src/a.ts', 'src/b.ts', 'src/1.ts'],
      named: ['src/a.ts', 'src/b.ts'],
      missed: ['src/1.ts'],
    },
    {
      changed: ['src/x.ts', 'src/y.ts', 'src/z.ts'],
      named: ['src/a.ts', 'src/b.ts'],
      missed: ['src/x.ts', 'src/y.ts', 'src/z.ts'],
    },
  ])
  expect([report.from, report.to]).toEqual([1000, 2000])
  expect(report.arms.every(({ calibration }) => calibration === null)).toBe(true)
})

test('of several other arms it compares with the best by F1@5 of this run, wherever it stands, and of equal ones with the last', async () => {
  const [both, one, none] = [['src/a.ts', 'src/b.ts'], ['src/a.ts'], ['src/x.ts']] as const
  const gain = async (...found: (readonly string[])[]) => {
    const arms = found.map((files, i) => always(`arm${i}`, ...files))
    const { tasks } = await runBacktest(options([], { arms }))
    return reportOf(tasks, arms, RUN).gain!
  }
  const found = await gain(none, both, one, one)
  expect(found).toMatchObject({ arm: 'arm3', over: 'arm1' })
  expect(found.text).toBe('the best of the other arms by the mean F1@5 of this run')
  expect(found.figures.f1At5.mean).toBeLessThan(0)
  expect(await gain(one, none, one, both)).toMatchObject({ arm: 'arm3', over: 'arm2' })
})

test('a task of which nothing was missed and nothing named besides is not among the worst', async () => {
  const arms = [always('repose', 'src/a.ts', 'src/b.ts')]
  const whole = feature(2, { modifiedSource: ['src/a.ts', 'src/b.ts'] })
  const { tasks } = await runBacktest(options([], { arms, features: [whole, feature(1)] }))
  const report = reportOf(tasks, arms, RUN)
  expect(report.worst.map(({ commit }) => commit)).toEqual(['commit1'])
  expect(report.tasks.map(({ commit, f1 }) => [commit, f1.repose])).toEqual([
    ['commit1', 0.8],
    ['commit2', 1],
  ])
})

test('an arm that tells probabilities is held to them, over source files', async () => {
  const sure: Arm = {
    id: 'sure',
    text: 'sure',
    rank: () => ({
      files: [],
      named: [],
      probability: new Map([
        ['src/a.ts', 0.8],
        ['src/q.ts', 0.1],
        ['README.md', 1],
      ]),
    }),
  }
  const { tasks } = await runBacktest(options([], { arms: [sure] }))
  const [arm] = reportOf(tasks, [sure], RUN).arms
  expect(arm!.calibration!.brier).toBeCloseTo((0.2 ** 2 + 0.1 ** 2) / 2)
  expect(arm!.calibration!.bins.map(({ count }) => count)).toEqual([3, 3])
})

test('without tasks there are no figures, and with one arm no comparison', async () => {
  const { arms } = options([])
  expect(reportOf([], arms, RUN)).toMatchObject({ arms: [], gain: null, worst: [], from: null, to: null })
  const { tasks } = await runBacktest(options([], { arms: [arms[1]!] }))
  expect(reportOf(tasks, [arms[1]!], RUN).gain).toBeNull()
})
