import { expect, test } from 'vitest'
import { cleanMessage } from '../../src/history/clean-message.ts'

test.each([
  ['Add csv (#12)', 'Add csv'],
  ['Add csv (fixes #12, #13)', 'Add csv'],
  ['Add csv. Closes owner/name#12.', 'Add csv'],
  ['Allow bypassing (close #730) (#731)', 'Allow bypassing'],
  ['Issue #730: Add csv (#731)', 'Add csv'],
  ['Fixes #12', 'Fixes #12'],
  ['Add C# support', 'Add C# support'],
  ['Add the option close', 'Add the option close'],
])('the title %j loses the numbers of requests and issues', (subject, title) => {
  expect(cleanMessage(subject, '', false)!.title).toBe(title)
})

test('a merged pull request is told by its own title, wherever the forge wrote it', () => {
  const merged: [string, string][] = [
    ['Merge pull request #7 from ada/csv', 'Add csv\n\nWith a header.'],
    ["Merge branch 'csv' into 'main'", 'Add csv\n\nWith a header.\n\nSee merge request shop/shop!7'],
    ['Merged in csv (pull request #7)', 'Add csv\n\nWith a header.\n\nApproved-by: Bob'],
    ["Merge pull request 'Add csv' (#7) from csv into main", 'With a header.\n\nReviewed-on: https://example.org/7'],
    ['Merged PR 7: Add csv', 'With a header.'],
  ]
  for (const [subject, body] of merged)
    expect(cleanMessage(subject, body, true)).toEqual({ title: 'Add csv', body: 'With a header.' })
})

test('a merge that says only what was merged is no request', () => {
  expect(cleanMessage("Merge branch 'main' into csv", '', true)).toBeNull()
  expect(cleanMessage("Merge branches 'a' and 'b'", '', true)).toBeNull()
  expect(cleanMessage("Merge branch 'main' into csv", '# Conflicts:\n#\tsrc/a.ts', true)).toBeNull()
  expect(cleanMessage('Merge pull request #7 from ada/csv', '', true)).toBeNull()
  for (const branch of [
    'release-2.0',
    'release/2',
    'releases/v2',
    'hotfix/vat',
    'backport-12-to-1.x',
    'changeset-release/main',
  ])
    expect(cleanMessage(`Merge pull request #9 from shop/${branch}`, 'Take what is ready', true)).toBeNull()
  for (const branch of ['release-json-export', 'hotfixes', 'backports', 'dependabot/npm/ky-2'])
    expect(cleanMessage(`Merge pull request #9 from shop/${branch}`, 'Export as JSON', true)?.title).toBe(
      'Export as JSON',
    )
  expect(cleanMessage('Merge overlapping ranges', '', false)).toEqual({ title: 'Merge overlapping ranges', body: '' })
})

test('trailers and bare references go, the list of squashed commits stays', () => {
  const body =
    '* Add the writer\r\n* Add the flag\r\n\r\nFixes #12\r\nCloses: https://example.org/issues/1\r\n\r\nSigned-off-by: Ada <ada@example.org>\r\nCo-authored-by: Bob\r\nChange-Id: I1'
  expect(cleanMessage('Add csv', body, false)!.body).toBe('* Add the writer\n* Add the flag')
})

test('of a subject of several sentences the first is the title', () => {
  const subject = `Adding a proxy option to requests. ${'Adding a save_to option that takes a path or a stream. '.repeat(2)}`
  const { title, body } = cleanMessage(subject, 'More.', false)!
  expect(title).toBe('Adding a proxy option to requests.')
  expect(body).toMatch(/^Adding a save_to .*\n\nMore\.$/s)
})

test('a hostile message takes no time', () => {
  const started = performance.now()
  cleanMessage(`${'#1'.repeat(50_000)}x`, `${'fix: '.repeat(20_000)}\n${' '.repeat(100_000)}x`, true)
  expect(performance.now() - started).toBeLessThan(500)
})
