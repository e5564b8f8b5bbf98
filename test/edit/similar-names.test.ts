import { expect, test } from 'vitest'
import { similarNames } from '../../src/edit/similar-names.ts'
import { processorMs } from '../helpers/processor-ms.ts'

test('a misspelt name is known again', () => {
  expect(similarNames('formatPrcie', ['formatPrice', 'format', 'parsePrice'], 3)).toEqual(['formatPrice'])
})

test('very long names take no seconds', async () => {
  const known = Array.from({ length: 20_000 }, (_, i) => `${i}`.padStart(250, 'a'))
  expect(await processorMs(() => similarNames('b'.repeat(250), known, 3))).toBeLessThan(1000)
})
