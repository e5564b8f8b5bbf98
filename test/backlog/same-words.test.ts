import { expect, test } from 'vitest'
import { findSame } from '../../src/backlog/same-words.ts'

const item = (id: number, request: string, more: object = {}) => ({
  ...{ id, request, state: 'waiting', isApproved: true },
  ...more,
})
const same = (...items: ReturnType<typeof item>[]) => findSame(items, new Set(items.map(({ id }) => id)))

test.each([
  ['the same words', [item(1, 'Add CSV'), item(2, 'add  "CSV".')], [{ lead: 1, same: [2] }]],
  ['one says more', [item(1, 'Add CSV'), item(2, 'Add CSV\n\nWith a head.')], [{ lead: 2, same: [1] }]],
  ['both say something else', [item(1, 'Bug\n\nIn a.'), item(2, 'Bug\n\nIn b.')], []],
  ['other words', [item(1, 'Add CSV'), item(2, 'Add CSVs')], []],
  ['no words', [item(1, '...'), item(2, '!')], []],
  [
    'one is begun',
    [item(1, 'Add CSV', { state: 'drafted' }), item(2, 'Add CSV\n\nWith a head.')],
    [{ lead: 1, same: [2] }],
  ],
  ['both are begun', [item(1, 'Add CSV', { state: 'drafted' }), item(2, 'Add CSV', { state: 'planned' })], []],
  [
    'one may not be drafted',
    [item(1, 'Add CSV\n\nWith a head.', { isApproved: false }), item(2, 'Add CSV')],
    [{ lead: 2, same: [1] }],
  ],
])('%s', (_, items, groups) => expect(same(...items)).toEqual(groups))

test('only groups with one of the ids are looked at', () => {
  expect(findSame([item(1, 'Add CSV'), item(2, 'Add CSV')], new Set([3]))).toEqual([])
})
