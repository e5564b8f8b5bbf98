import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexOfText } from '../../src/text/index-of.ts'

test('it finds what indexOf() finds, also for long texts that repeat themselves', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 })
  fc.assert(
    fc.property(texts, texts, texts, fc.nat(3000), (one, other, end, from) => {
      const wanted = one.repeat(60) + other.repeat(40)
      const text = one.repeat(90) + wanted.slice(1) + end + wanted + one.repeat(9) + wanted
      expect(indexOfText(text, wanted, from)).toBe(text.indexOf(wanted, from))
      expect(indexOfText(text, `${wanted}c`, from)).toBe(-1)
    }),
  )
})
