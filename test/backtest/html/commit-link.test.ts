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
  ['ssh://git@ssh.github.com:443/owner/name.git', 'https://github.com/owner/name/commit/abc'],
  ['ssh://git@altssh.gitlab.com:443/owner/name.git', 'https://gitlab.com/owner/name/-/commit/abc'],
  ['https://gitlab.example.org:8443/group/name.git', 'https://gitlab.example.org:8443/group/name/-/commit/abc'],
  ['ssh://git@gitlab.example.org:2222/group/name.git', 'https://gitlab.example.org/group/name/-/commit/abc'],
  ['https://codeberg.org/owner/name.git', 'https://codeberg.org/owner/name/commit/abc'],
  ['git@codeberg.org:owner/name.git', 'https://codeberg.org/owner/name/commit/abc'],
  ['http://gitea.example.org:3000/owner/name.git', 'http://gitea.example.org:3000/owner/name/commit/abc'],
  ['git@git.forgejo.example.org:owner/name.git', 'https://git.forgejo.example.org/owner/name/commit/abc'],
  ['https://git.sr.ht/~owner/name', 'https://git.sr.ht/~owner/name/commit/abc'],
  ['git@git.sr.ht:~owner/name', 'https://git.sr.ht/~owner/name/commit/abc'],
  [
    'https://org@dev.azure.com/org/My%20Project/_git/name',
    'https://dev.azure.com/org/My%20Project/_git/name/commit/abc',
  ],
  ['git@ssh.dev.azure.com:v3/org/project/name', 'https://dev.azure.com/org/project/_git/name/commit/abc'],
  ['org@vs-ssh.visualstudio.com:v3/org/project/name', 'https://dev.azure.com/org/project/_git/name/commit/abc'],
  [
    'https://org.visualstudio.com/DefaultCollection/project/_git/name',
    'https://org.visualstudio.com/DefaultCollection/project/_git/name/commit/abc',
  ],
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
  'https://notgitea.org/x/y',
  'https://bitbucket.example.org/scm/x/y.git',
  'https://dev.azure.com/org/project',
  'https://evil.org/codeberg.org/x',
  'https://codeberg.org/x%zz/y',
  'https://github.com/x"onclick="y/z',
  'javascript:alert(1)',
])('%s leads nowhere', (remote) => {
  expect(commitLink(remote, 'abc')).toBeNull()
})
