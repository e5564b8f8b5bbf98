import { expect, test } from 'vitest'
import type { Arm } from '../../src/backtest/arm.ts'
import { inWords } from '../../src/backtest/in-words.ts'
import { reportOf } from '../../src/backtest/report.ts'
import type { ArmScore, ScoredTask } from '../../src/backtest/run-backtest.ts'
import { score } from '../../src/backtest/score.ts'

const RUN = { head: 'h', stop: 'done', titleOnly: false, seconds: 1, planned: 6, candidates: 9, dropped: [] } as const
const arm = (id: string): Arm => ({ id, text: id, rank: () => ({ files: [], named: [] }) })

/** `count` tasks of two changed files: repose ranks both first and names one, what it is compared with ranks one first and names two. */
function tasks(count: number): ScoredTask[] {
  const changed = ['src/a.ts', 'src/b.ts']
  const of = (files: string[], named: string[]): ArmScore => ({
    ...score({ files, named }, changed),
    ms: 1,
    forecasts: [],
  })
  const scores = new Map([
    ['bm25', of(['src/c.ts'], [])],
    ['bm25+cochange', of(['src/a.ts', 'src/c.ts'], ['src/a.ts', 'src/c.ts'])],
    ['repose', of(changed, ['src/a.ts'])],
  ])
  const feature = { commit: 'c', base: 'b', time: 1, title: 't', body: '', modified: [], created: [], deleted: [] }
  return Array.from({ length: count }, () => ({ feature: { ...feature, modifiedSource: changed }, scores }))
}
const report = (count: number, ids = ['bm25', 'bm25+cochange', 'repose']) => reportOf(tasks(count), ids.map(arm), RUN)

const NAMES =
  'It names 1.0 files a feature: 100 % of them were right, and 50 % of the changed files were among them (F1 .667).'

test('the result compares equally many files of the best two arms', () => {
  expect(inWords.result(report(6))).toBe(
    `Of the source files that a feature changed, repose listed 100 % among its first ten, bm25+cochange 50 %. Its F1@5, of the first five files, is 1.000 against .500 of bm25+cochange (the best other arm by F1@5), a difference of +.500 (95 %: +.500 to +.500): better. ${NAMES}`,
  )
  expect(inWords.result(report(6, ['repose', 'bm25+cochange']))).toContain(
    'F1@5, of the first five files, is .500 against 1.000 of repose, a difference of -.500 (95 %: -.500 to -.500): worse. It',
  )
  expect(inWords.result(report(6, ['bm25+cochange', 'bm25', 'repose']))).toContain(
    'listed 100 % among its first ten, bm25+cochange 50 %. Its F1@5, of the first five files, is 1.000 against .500 of bm25+cochange (the best',
  )
  expect(inWords.result(report(6, ['bm25', 'bm25']))).toContain('a difference of .000 (95 %: .000 to .000): no sure')
})

test('of few tasks nothing is called better, and of one arm nothing is compared', () => {
  expect(inWords.result(report(4))).toContain(`a difference of +.500 (95 %: +.500 to +.500). ${NAMES}`)
  expect(inWords.result(report(6, ['repose']))).toBe(
    `Of the source files that a feature changed, repose listed 100 % among its first ten. ${NAMES}`,
  )
})

test('forecast and outcome are put side by side, and the report says what they mean', () => {
  const of = (forecast: number, changed: number, count = 6) => {
    const bins = [
      { from: 0, to: 0.1, count: 900, forecast: 0.01, changed: 0.9 },
      { from: 0.2, to: 0.3, count: 10, forecast: 0.25, changed: 0.25 },
      { from: 0.4, to: 0.5, count: 30, forecast, changed },
    ]
    return inWords.calibration('repose', { brier: 0.0614, bins }, report(count))
  }
  expect(of(0.44, 0.64)).toBe(
    'Of the 40 files that repose gave a probability of .10 or more, by ranges of a tenth: predicted .25 .44, changed .25 .64. On average it predicted .39, and .54 were changed: the forecast is too low. Brier score of all listed files .061 (0 is perfect).',
  )
  expect(of(0.44, 0.3)).toContain('the forecast is too high.')
  expect(of(0.44, 0.46)).toContain('the forecast is about right.')
  expect(of(0.44, 0.3, 4)).toContain('.29 were changed. Brier')
  expect(inWords.calibration('repose', { brier: 0, bins: [] }, report(6))).toBe('')
})

test('features of one day are of that day', () => {
  const day = 86_400
  expect(inWords.span({ ...report(2), from: 0, to: day - 1 })).toBe('2 past features, 1970-01-01')
  expect(inWords.span({ ...report(1), from: 0, to: day })).toBe('1 past feature, 1970-01-01 to 1970-01-02')
})

test('every reason for which commits were dropped is told, and one commit is one', () => {
  const dropped = [
    { reason: 'does not read like a feature', count: 90 },
    ...['fix', 'chore', 'speed-up', 'refactoring', 'removal'].map((one) => ({
      reason: `reads like a ${one}`,
      count: 9,
    })),
    { reason: 'revert', count: 1 },
  ]
  const of = (candidates: number, planned: number) =>
    reportOf([], [arm('repose')], { ...RUN, candidates, planned, dropped: planned === 0 ? [] : dropped })
  expect(inWords.dropped(of(142, 6))).toBe(
    '142 commits looked at, 6 taken; dropped: 90 does not read like a feature, 9 like a fix, 9 like a chore, 9 like a speed-up, 9 like a refactoring, 9 like a removal, 1 revert',
  )
  expect(inWords.dropped(of(1, 0))).toBe('1 commit looked at, 0 taken; dropped: none')
  expect(inWords.warnings(of(1, 1))).toEqual(['Too few tasks to judge by: 1, and at least 5 are needed.'])
  expect([0, 1, 2].flatMap((candidates) => inWords.warnings(of(candidates, 0)))).toEqual([
    'Too little history: no commit of the mainline comes after the revision of --since.',
    'Too little history: the only commit on the mainline is not one that modifies three or more source files and reads like a feature.',
    'Too little history: none of 2 commits on the mainline modifies three or more source files and reads like a feature.',
  ])
})
