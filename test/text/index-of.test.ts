import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexesOfText, indexOfText } from '../../src/text/index-of.ts'

test.each([3, 300])('it finds all places of a text, also those that overlap', (times) => {
  const wanted = 'ab'.repeat(times)
  const twice = 2 * times
  expect([...indexesOfText(`x${wanted}abab-${wanted}`, wanted)]).toEqual([1, 3, 5, twice + 6])
  expect([...indexesOfText(wanted, `${wanted}a`)]).toEqual([])
})

test('it finds what indexOf() finds, also for long texts that repeat themselves', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 })
  fc.assert(
    fc.property(texts, texts, texts, (one, other, end) => {
      const wanted = one.repeat(60) + other.repeat(40)
      const text = one.repeat(90) + wanted.slice(1) + end + wanted + one.repeat(9) + wanted
      expect(indexOfText(text, wanted)).toBe(text.indexOf(wanted))
      expect(indexOfText(text, `${wanted}c`)).toBe(-1)
    }),
  )
})
