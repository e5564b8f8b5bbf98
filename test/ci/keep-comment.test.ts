import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bitbucketHost } from '../../src/ci/bitbucket-host.ts'
import { gitHubHost } from '../../src/ci/github-host.ts'
import { gitLabHost } from '../../src/ci/gitlab-host.ts'
import type { Host } from '../../src/ci/host.ts'
import { keepComment } from '../../src/ci/keep-comment.ts'
import { type Forge, startForge } from '../helpers/forge-server.ts'

const HOSTS: Readonly<Record<'github' | 'gitlab' | 'bitbucket', (api: string) => Host>> = {
  github: (api) => gitHubHost({ api, repository: 'shop/books', token: 't0ken' }),
  gitlab: (api) => gitLabHost({ api, project: 5, token: 't0ken' }),
  bitbucket: (api) => bitbucketHost({ api, repository: 'shop/books', token: 't0ken' }),
}
const THREAD = { kind: 'pull', number: 7 } as const
const MARK = '[repose]: # "check"'

describe.each(Object.keys(HOSTS) as (keyof typeof HOSTS)[])('on %s', (kind) => {
  let forge: Forge
  let host: Host
  beforeEach(async () => {
    forge = await startForge(kind)
    host = HOSTS[kind](forge.url)
  })
  afterEach(() => forge.close())
  const bodies = () => forge.comments.map(({ body }) => body)

  test('the comment is made once, edited in place, left alone, and removed', async () => {
    expect(await keepComment(host, THREAD, 'check', null)).toBe('none')
    expect(await keepComment(host, THREAD, 'check', 'one')).toBe('made')
    expect(await keepComment(host, THREAD, 'check', 'one')).toBe('unchanged')
    const { id } = forge.comments[0]!
    expect(await keepComment(host, THREAD, 'check', 'two')).toBe('edited')
    expect(forge.comments).toEqual([{ id, author: 'repose-bot', body: `${MARK}\n\ntwo\n` }])
    expect(await keepComment(host, THREAD, 'check', null)).toBe('removed')
    expect(bodies()).toEqual([])
    expect(forge.writes()).toHaveLength(3)
  })

  test('it is found on the third page, and only by its own author and mark', async () => {
    const foreign = { author: 'eve', body: `${MARK}\n\nnot the bot` }
    forge.comments = Array.from({ length: 205 }, (_, i) => ({ id: i + 1, ...foreign }))
    forge.comments.push({ id: 300, author: 'repose-bot', body: 'another remark of the bot' })
    forge.comments.push({ id: 301, author: 'repose-bot', body: `${MARK}\r\n\r\none\r\n` })
    forge.comments.push({ id: 302, author: 'repose-bot', body: '[repose]: # "check 1a2b"\n\nof another project' })
    expect(await keepComment(host, THREAD, 'check', 'one')).toBe('unchanged')
    expect(await keepComment(host, THREAD, 'check', 'two')).toBe('edited')
    expect(forge.comments.find(({ id }) => id === 301)?.body).toBe(`${MARK}\n\ntwo\n`)
    expect(await keepComment(host, THREAD, 'check', null)).toBe('removed')
    expect(forge.comments).toHaveLength(207)
  })

  test('two jobs at the same time leave one comment after the next', async () => {
    await Promise.all([keepComment(host, THREAD, 'check', 'a'), keepComment(host, THREAD, 'check', 'b')])
    await keepComment(host, THREAD, 'check', 'c')
    expect(bodies()).toEqual([`${MARK}\n\nc\n`])
  })

  test('a refusal and an answer of another shape end in two lines, without the token', async () => {
    forge.refuse = ({ path }) => (path.startsWith('/user') ? null : [404, { message: 'Not Found' }])
    await expect(keepComment(host, THREAD, 'check', 'a')).rejects.toMatchObject({
      message: expect.stringMatching(/refused to list comments \(404/),
      fix: expect.stringContaining('docs/ci.md'),
      exitCode: 1,
    })
    forge.refuse = ({ path }) => (path.startsWith('/user') ? null : [200, { comments: { __proto__: 1 } }])
    await expect(keepComment(host, THREAD, 'check', 'a')).rejects.toThrow(/answered something else/)
    if (kind !== 'github') {
      forge.refuse = ({ path }) => (path.startsWith('/user') ? null : [200, Array(200_000).fill({})])
      await expect(keepComment(host, THREAD, 'check', 'a')).rejects.toThrow(/more than 100000 values/)
    }
    await forge.close()
    await expect(keepComment(host, THREAD, 'check', 'a')).rejects.toThrow(/could not be asked/)
    forge = await startForge(kind) // for afterEach
  })

  test('a comment that would not be found again is taken back', async () => {
    forge.writesAs = 'shop-app[bot]'
    await expect(keepComment(host, THREAD, 'check', 'a')).rejects.toMatchObject({
      message: 'the token of the job writes as shop-app[bot], and not as repose-bot',
      fix: 'set REPOSE_CI_LOGIN to shop-app[bot]',
    })
    expect(bodies()).toEqual([])
  })

  test('a redirect is not followed: the token stays', async () => {
    const other = await startForge(kind)
    forge.refuse = () => [302, null]
    await expect(keepComment(host, THREAD, 'check', 'a')).rejects.toThrow()
    expect(other.requests).toEqual([])
    await other.close()
  })
})

test('the token of GitHub Actions may not ask who it is, and writes as github-actions[bot]', async () => {
  const forge = await startForge('github')
  forge.self = null
  const host = HOSTS.github(forge.url)
  expect(await keepComment(host, THREAD, 'check', 'one')).toBe('made')
  expect(await keepComment(host, THREAD, 'check', 'two')).toBe('edited')
  expect(forge.comments).toMatchObject([{ author: 'github-actions[bot]' }])
  expect(forge.requests[0]!.headers.authorization).toBe('Bearer t0ken')
  await forge.close()
})
