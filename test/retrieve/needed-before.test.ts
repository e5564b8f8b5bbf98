import { expect, test } from 'vitest'
import { readRequest } from '../../src/request/read-request.ts'
import { fetchedBy, neededBefore } from '../../src/retrieve/needed-before.ts'
import type { ImplementedRequest } from '../../src/store/ledger.ts'

const csv: ImplementedRequest = {
  text: 'Add a csv format\n\nFor spreadsheets.',
  packed: ['src/formats.ts', 'src/cli.ts'],
  opened: ['src/formats.ts#json', 'src/deep/table.ts:1-40', 'src/cli.ts', 'search json in src', 'docs/formats.md'],
  changed: ['src/formats.ts', 'docs/formats.md'],
}
const rarity = new Map([
  ['csv', 5],
  ['format', 1],
  ['add', 0.1],
  ['xml', 4],
])
const ledger = (...requests: ImplementedRequest[]) => ({ implemented: () => requests })

test('what was opened beyond the list and not changed had to be fetched', () => {
  expect(fetchedBy(csv)).toEqual(['src/deep/table.ts'])
})

test('a request that says the same rare words finds what the earlier one took', () => {
  expect(neededBefore(ledger(csv), readRequest('Quote fields in the csv format'), rarity)).toEqual({
    title: 'Add a csv format',
    changed: ['src/formats.ts', 'docs/formats.md'],
    fetched: ['src/deep/table.ts'],
  })
})

test('one that shares only common words finds nothing, nor does one without any earlier request', () => {
  expect(neededBefore(ledger(csv), readRequest('Add an xml format'), rarity)).toBeNull()
  expect(neededBefore(ledger(), readRequest('Add a csv format'), rarity)).toBeNull()
  expect(neededBefore(ledger(csv), readRequest(''), rarity)).toBeNull()
})

test('of equals the newest counts', () => {
  const newer = { ...csv, text: 'Mend the csv format' }
  expect(neededBefore(ledger(newer, csv), readRequest('csv format'), rarity)?.title).toBe('Mend the csv format')
})
