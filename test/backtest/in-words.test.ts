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
    `Of the source files that a feature changed, repose listed 100 % among its first ten, bm25+cochange 50 %. Its F1@5, of the first five files, is 1.000 against .500 of bm25+cochange, a difference of +.500 (95 %: +.500 to +.500): better. ${NAMES}`,
  )
  expect(inWords.result(report(6, ['repose', 'bm25+cochange']))).toContain(
    'F1@5, of the first five files, is .500 against 1.000 of repose, a difference of -.500 (95 %: -.500 to -.500): worse. It',
  )
  expect(inWords.result(report(6, ['bm25', 'bm25']))).toContain('a difference of .000 (95 %: .000 to .000): no sure')
})

test('of few tasks nothing is called better, and of one arm nothing is compared', () => {
  expect(inWords.result(report(4))).toContain(`a difference of +.500 (95 %: +.500 to +.500). ${NAMES}`)
  expect(inWords.result(report(6, ['repose']))).toBe(
    `Of the source files that a feature changed, repose listed 100 % among its first ten. ${NAMES}`,
  )
})
