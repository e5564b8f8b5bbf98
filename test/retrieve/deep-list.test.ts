import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deepList, type ListedFile } from '../../src/retrieve/deep-list.ts'
import { countTokens } from '../../src/tokens/tokens.ts'

const file = (
  path: string,
  names: string[] = [],
  changesWith: number[] = [],
  importedBy: number[] = [],
): ListedFile => ({
  path,
  names,
  changesWith,
  importedBy,
})

test('files are numbered by rank and grouped by folder, with names and partners', () => {
  const { text, listed } = deepList(
    [
      file('src/a.ts', ['parse', 'Tree']),
      file('lib/x.ts', [], [1, 3]),
      file('src/b.ts', [], [], [1, 2]),
      file('package.json', [], [1], [3]),
    ],
    200,
    countTokens,
  )
  expect(text).toBe(
    'src/\n1 a.ts: parse, Tree\n3 b.ts (used by 1, 2)\nlib/\n2 x.ts (with 1, 3)\n./\n4 package.json (with 1; used by 3)',
  )
  expect(listed).toEqual(['src/a.ts', 'lib/x.ts', 'src/b.ts', 'package.json'])
})

test('paths come before names, and names of the best before those of the rest', () => {
  const files = Array.from({ length: 20 }, (_, i) => file(`src/file${i}.ts`, ['first', 'second', 'third']))
  const { text, listed } = deepList(files, 150, countTokens)
  expect(listed).toHaveLength(20)
  expect(text).toContain('1 file0.ts: first')
  expect(text).toMatch(/20 file19\.ts$/)
})

test('a partner that is not listed is not named', () => {
  const files = Array.from({ length: 50 }, (_, i) => file(`a/long/folder/name/file-number-${i}.ts`, [], [50]))
  const { text, listed } = deepList(files, 100, countTokens)
  expect(listed.length).toBeLessThan(50)
  expect(text).not.toContain('with 50')
})

test('the budget is never exceeded, and what is listed is what is numbered', () => {
  const files = fc.array(
    fc.record({
      path: fc.stringMatching(/^([a-z]{1,8}\/){0,3}[a-z]{1,12}\.ts$/),
      names: fc.array(fc.string({ maxLength: 60 }), { maxLength: 10 }),
      changesWith: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
      importedBy: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
    }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(files, fc.integer({ min: 0, max: 400 }), (some, budget) => {
      const { text, listed } = deepList(some, budget, countTokens)
      expect(countTokens(text)).toBeLessThanOrEqual(budget)
      expect(listed).toEqual(some.slice(0, listed.length).map(({ path }) => path))
    }),
    { numRuns: 100 },
  )
})
