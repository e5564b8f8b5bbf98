import { expect, test } from 'vitest'
import { withoutTicket } from '../../src/request/ticket.ts'

test.each([
  ['#12: add a flag', 'add a flag'],
  ['#12 add a flag', 'add a flag'],
  ['(#12) add a flag', 'add a flag'],
  ['[#12] add a flag', 'add a flag'],
  ['[Fix #12] add a flag', 'add a flag'],
  ['GH-12: add a flag', 'add a flag'],
  ['gh-12 - add a flag', 'add a flag'],
  ['Issue #12: add a flag', 'add a flag'],
  ['Fixed #12 -- Added a flag', 'Added a flag'],
  ['Fixed #12, #13 -- Added a flag', 'Added a flag'],
  ['add a flag (#12)', 'add a flag'],
  ['add a flag [#12]', 'add a flag'],
  ['add a flag, closes #12', 'add a flag'],
  ['add a flag for issue #12', 'add a flag'],
  ['add a flag (gh-12)', 'add a flag'],
  ['add a flag (fixes #12, #13)', 'add a flag'],
  ['add a flag. Resolves owner/name#12.', 'add a flag'],
  ['add a flag (part of #12) (#13)', 'add a flag'],
  ['add a file to work with (#12)', 'add a file to work with'],
  ['[13.x] add a flag', 'add a flag'],
])('what %s asks for', (title, asked) => {
  expect(withoutTicket(title)).toBe(asked)
})

test.each([
  'Fix #12: add a missing check',
  'Fixes #12',
  'Fixes #12, #13',
  '#12',
  'Issue #12:',
  'UTF-8 support',
  'SHA-256 as a hash',
  'RFC-7807: problem details',
  'GPT-4 support',
  'HTTP-2 support',
  'C# 12 support',
  'Add the option close',
  'Add a way in',
  'gpt-4: stream answers',
  'Issue templates',
  '[1/2] add a flag',
  '[1.x]',
])('%s is left as it is', (title) => {
  expect(withoutTicket(title)).toBe(title)
})

test('a long title takes no time', () => {
  const started = performance.now()
  for (const part of ['#1 ', '(', ' ', 'fixes ', 'a/', 'and ', '#1, ']) {
    withoutTicket(`${part.repeat(50_000)}x`)
    withoutTicket(`x${part.repeat(50_000)}#1`)
  }
  expect(performance.now() - started).toBeLessThan(200)
})
