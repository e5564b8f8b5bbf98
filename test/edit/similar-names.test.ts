import { expect, test } from 'vitest'
import { similarNames } from '../../src/edit/similar-names.ts'

test('a misspelt name is known again', () => {
  expect(similarNames('formatPrcie', ['formatPrice', 'format', 'parsePrice'], 3)).toEqual(['formatPrice'])
})

test('very long names take no seconds', () => {
  const known = Array.from({ length: 20_000 }, (_, i) => `${i}`.padStart(250, 'a'))
  const started = performance.now()
  similarNames('b'.repeat(250), known, 3)
  expect(performance.now() - started).toBeLessThan(1000)
})
