import { request as octokit } from '@octokit/request'
import * as z from 'zod'
import { allPages, PAGE } from './all-pages.ts'
import type { IssueHost } from './host.ts'
import { answerOf, HostRefused, hostFetch, unreachable } from './host-call.ts'

export interface GitHubAccess {
  /** Address of the API: 'https://api.github.com'. */
  readonly api: string
  /** 'owner/name'. */
  readonly repository: string
  readonly token: string
  /** The account that the token acts for, if the user says so. */
  readonly self?: string | undefined
}

const HOST = 'GitHub'
/** The account of the token that GitHub gives to each job, which may not ask who it is. */
const OF_ACTIONS = 'github-actions[bot]'

const COMMENT = z
  .object({
    id: z.union([z.int(), z.bigint()]),
    body: z.string().nullish(),
    user: z.object({ login: z.string() }).nullish(),
  })
  .transform(({ id, body, user }) => ({ id: String(id), author: user?.login ?? null, body: body ?? '' }))
const COMMENTS = z.array(COMMENT)
const LOGIN = z.object({ login: z.string() })
const PERMISSION = z.object({ permission: z.string() })
const PULL = z.object({ html_url: z.string() })
const FAILURE = z.object({ status: z.int(), message: z.string(), response: z.unknown() })

/** GitHub's REST calls (https://docs.github.com/rest), through octokit. */
export function gitHubHost({ api, repository, token, self }: GitHubAccess): IssueHost {
  const [owner, repo] = repository.split('/') as [string, string]
  const request = octokit.defaults({
    baseUrl: api.replace(/\/+$/, ''),
    headers: { authorization: `Bearer ${token}`, 'x-github-api-version': '2022-11-28', 'user-agent': 'repose' },
    request: { fetch: hostFetch, log: SILENT },
  })
  const call = async (what: string, route: string, parameters: object = {}): Promise<unknown> => {
    try {
      const place = route.includes('{owner}') ? { owner, repo } : {}
      return (await request(route, { ...place, ...parameters })).data
    } catch (error) {
      const { data: refusal } = FAILURE.safeParse(error)
      if (!refusal?.response) throw unreachable(HOST, what, error)
      throw new HostRefused(HOST, what, refusal.status, refusal.message.split('\n')[0]!)
    }
  }
  return {
    name: HOST,
    async self() {
      if (self) return self
      try {
        return answerOf(LOGIN, await call('name the account of the token', 'GET /user'), HOST, 'name an account').login
      } catch (error) {
        if (error instanceof HostRefused && error.status === 403) return OF_ACTIONS
        throw error
      }
    },
    async comments({ number }) {
      const what = 'list comments'
      return allPages(async (page) => {
        const route = 'GET /repos/{owner}/{repo}/issues/{number}/comments'
        return answerOf(COMMENTS, await call(what, route, { number, per_page: PAGE, page }), HOST, what)
      })
    },
    async comment({ number }, body) {
      const what = 'add a comment'
      const route = 'POST /repos/{owner}/{repo}/issues/{number}/comments'
      return answerOf(COMMENT, await call(what, route, { number, body }), HOST, what)
    },
    async editComment(_, id, body) {
      await call('edit a comment', 'PATCH /repos/{owner}/{repo}/issues/comments/{id}', { id, body })
    },
    async deleteComment(_, id) {
      await call('delete a comment', 'DELETE /repos/{owner}/{repo}/issues/comments/{id}', { id })
    },
    async mayWrite(account) {
      const what = 'say what an account may do'
      try {
        const route = 'GET /repos/{owner}/{repo}/collaborators/{account}/permission'
        const { permission } = answerOf(PERMISSION, await call(what, route, { account }), HOST, what)
        return permission === 'admin' || permission === 'maintain' || permission === 'write'
      } catch (error) {
        if (error instanceof HostRefused && error.status === 404) return false // nobody who has anything to do with it
        throw error
      }
    },
    async openPull({ title, body, branch, into }) {
      const what = 'open a pull request'
      const pull = await call(what, 'POST /repos/{owner}/{repo}/pulls', { title, body, head: branch, base: into })
      return answerOf(PULL, pull, HOST, what).html_url
    },
  }
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
