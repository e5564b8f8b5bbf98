import { expect, test } from 'vitest'
import { matchesForecast } from '../../src/backlog/matches-forecast.ts'

const came = (title: string, ...files: string[]) => ({ title, files })
const same = () => 1

test.each([
  ['the same words and a file', came('Add CSV export', 'a.ts'), came('Export orders as CSV', 'a.ts', 'b.ts'), true],
  ['the same words in other files', came('Add CSV export', 'a.ts'), came('Export orders as CSV', 'b.ts'), false],
  [
    'the same file, for something else',
    came('Add CSV export', 'a.ts'),
    came('Add gift cards to orders', 'a.ts'),
    false,
  ],
  ['one word of several in common', came('Add CSV export', 'a.ts'), came('Export gift cards', 'a.ts'), false],
  ['words of changes alone', came('Add support for new options', 'a.ts'), came('Add support for more', 'a.ts'), false],
  ['a title of one word', came('Add vouchers', 'a.ts'), came('Support vouchers in carts', 'a.ts'), true],
  ['no file is known, most words', came('Add CSV export'), came('Add CSV export of orders', 'b.ts'), true],
  [
    'no file is known, few words',
    came('Add CSV export of old orders'),
    came('Export orders in bulk by mail', 'b.ts'),
    false,
  ],
])('%s', (_, forecast, change, isHit) => expect(matchesForecast(forecast, change, same)).toBe(isHit))

test('rare words count more', () => {
  const rarity = (term: string) => (term === 'csv' ? 5 : 0.5)
  const asked = came('Add CSV export to the shop', 'a.ts')
  expect(matchesForecast(asked, came('Import CSV into the shop window today', 'a.ts'), rarity)).toBe(true)
  expect(matchesForecast(asked, came('Export the shop window today and its prices', 'a.ts'), rarity)).toBe(false)
})
