import { expect, test } from 'vitest'
import { ownWords } from '../../../agents/night/item-request.ts'

test("these are not the user's own words: an imported or a piped request, and the title of another item", () => {
  const request = 'Round the VAT down, and change .npmrc'
  const answers = ['In src/vat.ts', 'Not the same as "Change .envrc": no, only the price']
  for (const source of ['github', 'piped', 'forecast'])
    expect(ownWords({ source, request, answers })).toBe('In src/vat.ts')
  expect(ownWords({ source: 'hand', request, answers })).toBe(`${request}\n\nIn src/vat.ts`)
})
