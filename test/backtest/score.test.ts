import { expect, test } from 'vitest'
import { score } from '../../src/backtest/score.ts'

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `src/${from + i}.ts`)

test('recall counts changed files among the first k, F1 weighs them against the five', () => {
  const got = score({ files: numbered(1, 60), named: ['src/2.ts', 'src/9.ts'] }, [
    'src/2.ts',
    'src/8.ts',
    'src/30.ts',
    'src/99.ts',
  ])
  expect(got).toMatchObject({ recall5: 0.25, recall10: 0.5, recall20: 0.5, recall50: 0.75, reciprocalRank: 0.5 })
  expect(got.f1At5).toBeCloseTo(2 / 9)
  expect(got).toMatchObject({ precision: 0.5, recall: 0.25 })
  expect(got.f1).toBeCloseTo(2 / 6)
  expect(got.places.map(({ place }) => place)).toEqual([2, 8, 30, null])
})

test('tests and documents are neither counted nor punished, and take no place', () => {
  const files = ['README.md', 'test/a.test.ts', 'src/a.ts', 'src/a.ts', 'docs/a.md', 'src/b.ts']
  expect(score({ files, named: files }, ['src/b.ts'])).toMatchObject({
    reciprocalRank: 0.5,
    precision: 0.5,
    named: ['src/a.ts', 'src/b.ts'],
    places: [{ path: 'src/b.ts', place: 2 }],
  })
})

test('of a list of three, F1 at five is of three', () => {
  expect(score({ files: numbered(1, 3), named: [] }, numbered(1, 3)).f1At5).toBe(1)
})

test('nothing listed is nothing found', () => {
  const { places: _, named: __, ...figures } = score({ files: [], named: [] }, ['src/a.ts'])
  expect(new Set(Object.values(figures))).toEqual(new Set([0]))
})
