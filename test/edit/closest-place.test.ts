import { expect, test } from 'vitest'
import { closestPlace } from '../../src/edit/closest-place.ts'
import { processorMs } from '../helpers/processor-ms.ts'

const source = Array.from(
  { length: 60 },
  (_, i) => `function step${i}(input) {\n  return input.part${i} * ${i}\n}\n`,
).join('\n')

test('one misspelt line is found by its letters', () => {
  expect(closestPlace(source, '  retrun input.part31 * 31')).toEqual({
    lines: { first: 126, last: 126 },
    text: '  return input.part31 * 31',
  })
})

test('a line too many or too few does not hide the place', () => {
  const found = closestPlace(source, 'function step7(input) {\n  log(input)\n  return input.part7 * 7\n}')
  expect(found?.lines).toEqual({ first: 29, last: 31 })
  const wide = closestPlace(source, 'function step7(input) {\n}')
  expect(wide?.lines).toEqual({ first: 29, last: 30 })
  const onlyTheMiddle = closestPlace(source, 'export const other = () => {\n  return input.part7 * 7\n]]]]')
  expect(onlyTheMiddle?.lines).toEqual({ first: 29, last: 31 })
})

test('braces alone are no likeness, and nothing alike is null', () => {
  expect(closestPlace(source, '%%%%%%%%')).toBeNull()
  expect(closestPlace('', 'anything')).toBeNull()
  expect(closestPlace('\n\n\n', 'anything')).toBeNull()
})

test('what is shown stays short, whatever the lines are', () => {
  const long = `const data = [${'1, '.repeat(50_000)}]`
  const found = closestPlace(`a\n${long}\nb\n`, `const data = [${'1, '.repeat(100)}`)
  expect(found?.lines).toEqual({ first: 2, last: 2 })
  expect(found!.text.length).toBeLessThan(250)
  expect(closestPlace(source, source.replaceAll('return', 'yield'))!.text.split('\n').length).toBeLessThanOrEqual(40)
})

test('a long file and a long text take no more than a moment', async () => {
  const lines = Array.from({ length: 40_000 }, (_, i) => `line number ${i}`)
  const find = lines
    .slice(20_000, 22_000)
    .map((line, i) => (i === 1000 ? 'changed' : line))
    .join('\n')
  const text = lines.join('\n')
  const ms = await processorMs(() => expect(closestPlace(text, find)?.lines.first).toBe(20_001))
  expect(ms).toBeLessThan(20_000) // 500 usually; ten times that where mutants are tried
})
