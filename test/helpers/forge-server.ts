import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ForgeRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any part of it
  readonly body: any
}

export interface ForgeComment {
  readonly id: number
  author: string | null
  body: string
}

/** A stand-in for GitHub, GitLab or Bitbucket. Tests may change everything in it. */
export interface Forge {
  readonly url: string
  readonly requests: ForgeRequest[]
  /** Of the only thread. */
  comments: ForgeComment[]
  readonly pulls: Record<string, unknown>[]
  /** Account of the token; null: it may not ask. */
  self: string | null
  /** Account that new comments have, if not that one. */
  writesAs: string | null
  /** Account -> what it may do: on GitHub 'write', on GitLab an access level. */
  permissions: Record<string, string | number>
  /** Full name of the repository that the pull request comes from, for Bitbucket. */
  source: string | null
  /** Answers instead of the usual ones: status and body. */
  refuse: ((request: ForgeRequest) => readonly [number, unknown] | null) | null
  /** The calls that change something, as 'POST /path'. */
  writes(): string[]
  close(): Promise<void>
}

type Kind = 'github' | 'gitlab' | 'bitbucket'
type Answer = readonly [status: number, body: unknown]

/**
 * Starts one on 127.0.0.1. Its answers have the fields that the documents of the three hosts show in their examples:
 * https://docs.github.com/rest/issues/comments, https://docs.gitlab.com/api/notes, https://developer.atlassian.com/cloud/bitbucket/rest.
 */
export async function startForge(kind: Kind): Promise<Forge> {
  const server = createServer(async (incoming, response) => {
    const said = await text(incoming)
    const request: ForgeRequest = {
      method: incoming.method!,
      path: incoming.url!,
      headers: incoming.headers,
      body: said === '' ? null : JSON.parse(said),
    }
    forge.requests.push(request)
    const [status, body] = forge.refuse?.(request) ?? ANSWERS[kind](forge, request)
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    response.end(body === null ? '' : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const forge: Forge = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    comments: [],
    pulls: [],
    self: 'repose-bot',
    writesAs: null,
    permissions: {},
    source: null,
    refuse: null,
    writes: () =>
      forge.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return forge
}

const ANSWERS: Readonly<Record<Kind, (forge: Forge, request: ForgeRequest) => Answer>> = {
  github: gitHub,
  gitlab: gitLab,
  bitbucket,
}

const NOT_FOUND = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }

function gitHub(forge: Forge, { method, path, body }: ForgeRequest): Answer {
  const { pathname, searchParams } = new URL(path, forge.url)
  const user = (login: string | null) =>
    login && {
      login,
      id: 1,
      node_id: 'MDQ6VXNlcjE=',
      type: login.endsWith('[bot]') ? 'Bot' : 'User',
      site_admin: false,
    }
  const shown = ({ id, body, author }: ForgeComment) => ({
    ...{ id, node_id: 'MDEyOklzc3VlQ29tbWVudDE=', url: `${forge.url}/repos/shop/books/issues/comments/${id}` },
    ...{ html_url: `https://github.com/shop/books/issues/7#issuecomment-${id}`, body, user: user(author) },
    ...{ created_at: '2011-04-14T16:00:49Z', updated_at: '2011-04-14T16:00:49Z', author_association: 'COLLABORATOR' },
  })
  if (pathname === '/user')
    return forge.self
      ? [200, user(forge.self)]
      : [
          403,
          {
            message: 'Resource not accessible by integration',
            documentation_url: 'https://docs.github.com',
            status: '403',
          },
        ]
  const account = /^\/repos\/shop\/books\/collaborators\/([^/]+)\/permission$/.exec(pathname)?.[1]
  if (account) {
    const permission = forge.permissions[decodeURIComponent(account)]
    return permission ? [200, { permission, role_name: permission, user: user(account) }] : [404, NOT_FOUND]
  }
  if (method === 'POST' && pathname === '/repos/shop/books/pulls') {
    forge.pulls.push(body)
    return [
      201,
      { id: 1, number: 1347, state: 'open', html_url: 'https://github.com/shop/books/pull/1347', title: body.title },
    ]
  }
  const at = edited(forge, /^\/repos\/shop\/books\/issues\/comments\/(\d+)$/, pathname)
  if (at !== null) return changed(forge, at, method, 'PATCH', () => body.body, shown)
  if (!/^\/repos\/shop\/books\/issues\/\d+\/comments$/.test(pathname)) return [404, NOT_FOUND]
  if (method === 'POST')
    return [201, shown(add(forge, forge.writesAs ?? forge.self ?? 'github-actions[bot]', body.body))]
  return [200, pageOf(forge, searchParams.get('page'), searchParams.get('per_page')).map(shown)]
}

function gitLab(forge: Forge, { method, path, body }: ForgeRequest): Answer {
  const { pathname, searchParams } = new URL(path, forge.url)
  const author = (username: string | null) =>
    username && { id: 1, username, email: 'admin@example.com', name: 'Pip', state: 'active' }
  const shown = (comment: ForgeComment) => ({
    ...{ id: comment.id, body: comment.body, attachment: null, author: author(comment.author) },
    ...{ created_at: '2013-10-02T09:22:45Z', updated_at: '2013-10-02T10:22:45Z', system: comment.author === null },
    ...{
      noteable_id: 377,
      noteable_type: 'MergeRequest',
      project_id: 5,
      noteable_iid: 7,
      resolvable: false,
      internal: false,
    },
  })
  if (pathname === '/user') return forge.self ? [200, author(forge.self)] : [403, { message: '403 Forbidden' }]
  if (pathname === '/projects/5/members/all') {
    const found = Object.entries(forge.permissions).filter(([name]) => name.includes(searchParams.get('query') ?? ''))
    return [200, found.map(([name, access_level]) => ({ ...(author(name) as object), access_level, expires_at: null }))]
  }
  if (method === 'POST' && pathname === '/projects/5/merge_requests') {
    forge.pulls.push(body)
    return [201, { id: 1, iid: 3, project_id: 5, web_url: 'https://gitlab.example.com/shop/books/-/merge_requests/3' }]
  }
  const at = edited(forge, /^\/projects\/5\/(?:merge_requests|issues)\/\d+\/notes\/(\d+)$/, pathname)
  if (at !== null) return changed(forge, at, method, 'PUT', () => body.body, shown)
  if (!/^\/projects\/5\/(merge_requests|issues)\/\d+\/notes$/.test(pathname)) return [404, { message: '404 Not found' }]
  if (method === 'POST') return [201, shown(add(forge, forge.writesAs ?? forge.self, body.body))]
  return [200, pageOf(forge, searchParams.get('page'), searchParams.get('per_page')).map(shown)]
}

function bitbucket(forge: Forge, { method, path, body }: ForgeRequest): Answer {
  const { pathname, searchParams } = new URL(path, forge.url)
  const user = (uuid: string | null) => uuid && { type: 'user', uuid, display_name: 'Repose', nickname: 'repose' }
  const shown = (comment: ForgeComment) => ({
    ...{ type: 'pullrequest_comment', id: comment.id, created_on: '2019-01-01T00:00:00+00:00', deleted: false },
    ...{ content: { raw: comment.body, markup: 'markdown', html: '' }, user: user(comment.author) },
  })
  const notFound = [404, { type: 'error', error: { message: 'Resource not found' } }] as const
  if (pathname === '/user') return [200, user(forge.self)]
  const pull = '/repositories/shop/books/pullrequests/7'
  if (pathname === pull)
    return [
      200,
      {
        type: 'pullrequest',
        id: 7,
        source: { repository: forge.source && { type: 'repository', full_name: forge.source } },
      },
    ]
  const at = edited(forge, /^\/repositories\/shop\/books\/pullrequests\/7\/comments\/(\d+)$/, pathname)
  if (at !== null) return changed(forge, at, method, 'PUT', () => body.content.raw, shown)
  if (pathname !== `${pull}/comments`) return notFound
  if (method === 'POST') return [201, shown(add(forge, forge.writesAs ?? forge.self, body.content.raw))]
  const page = pageOf(forge, searchParams.get('page'), searchParams.get('pagelen'))
  return [200, { pagelen: 100, page: 1, size: forge.comments.length, values: page.map(shown) }]
}

function add(forge: Forge, author: string | null, body: string): ForgeComment {
  const comment = { id: forge.comments.reduce((most, { id }) => Math.max(most, id), 0) + 1, author, body }
  forge.comments.push(comment)
  return comment
}

/** The place of the comment that a path names; -1: there is none; null: it names none. */
function edited(forge: Forge, pattern: RegExp, path: string): number | null {
  const id = pattern.exec(path)?.[1]
  return id === undefined ? null : forge.comments.findIndex((comment) => String(comment.id) === id)
}

function changed(
  forge: Forge,
  at: number,
  method: string,
  edit: string,
  body: () => string,
  shown: (comment: ForgeComment) => unknown,
): Answer {
  if (at < 0) return [404, NOT_FOUND]
  if (method === 'DELETE') {
    forge.comments.splice(at, 1)
    return [204, null]
  }
  if (method !== edit) return [405, NOT_FOUND]
  forge.comments[at]!.body = body()
  return [200, shown(forge.comments[at]!)]
}

function pageOf({ comments }: Forge, page: string | null, size: string | null): ForgeComment[] {
  const [number, length] = [Number(page ?? 1), Number(size ?? 20)]
  return comments.slice((number - 1) * length, number * length)
}
