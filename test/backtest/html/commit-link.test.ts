import { expect, test } from 'vitest'
import { commitLink } from '../../../src/backtest/html/commit-link.ts'

test.each([
  ['git@github.com:owner/name.git', 'https://github.com/owner/name/commit/abc'],
  ['https://github.com/owner/name', 'https://github.com/owner/name/commit/abc'],
  ['https://ada:secret@github.com/owner/name.git/', 'https://github.com/owner/name/commit/abc'],
  ['ssh://git@github.com:22/owner/name.git', 'https://github.com/owner/name/commit/abc'],
  ['git@gitlab.com:group/sub/name.git', 'https://gitlab.com/group/sub/name/-/commit/abc'],
  ['https://gitlab.example.org/group/name.git', 'https://gitlab.example.org/group/name/-/commit/abc'],
  ['git@bitbucket.org:owner/name.git', 'https://bitbucket.org/owner/name/commits/abc'],
])('%s has its commits at %s', (remote, link) => {
  expect(commitLink(remote, 'abc')).toBe(link)
})

test.each([
  null,
  '',
  '/srv/git/name.git',
  '../name',
  'C:\\code\\name',
  'file:///srv/name.git',
  'git@example.org:owner/name.git',
  'https://evil.org/github.com/x',
  'https://github.com.evil.org/x/y',
  'https://notgitlab.com/x/y',
  'https://github.com/x"onclick="y/z',
  'javascript:alert(1)',
])('%s leads nowhere', (remote) => {
  expect(commitLink(remote, 'abc')).toBeNull()
})
