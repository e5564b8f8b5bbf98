import * as z from 'zod'
import { allPages, PAGE } from './all-pages.ts'
import type { IssueHost, Thread } from './host.ts'
import { answerOf, HostRefused } from './host-call.ts'
import { jsonCall } from './json-call.ts'

export interface GitLabAccess {
  /** Address of the API: 'https://gitlab.com/api/v4'. */
  readonly api: string
  /** Number of the project. */
  readonly project: number
  /** A project access token; the token of a job may not write comments. */
  readonly token: string
  readonly self?: string | undefined
}

const HOST = 'GitLab'
const DEVELOPER = 30 // access level; the lowest that may push

const NOTE = z
  .object({ id: z.int(), body: z.string(), author: z.object({ username: z.string() }).nullish(), system: z.boolean() })
  .transform(({ id, body, author, system }) => ({ id: String(id), author: author?.username ?? null, body, system }))
const NOTES = z.array(NOTE)
const USERNAME = z.object({ username: z.string() })
const MEMBERS = z.array(z.object({ username: z.string(), access_level: z.int(), state: z.string() }))
const MERGE_REQUEST = z.object({ web_url: z.string() })

/** GitLab's REST calls (https://docs.gitlab.com/api/notes). */
export function gitLabHost({ api, project, token, self }: GitLabAccess): IssueHost {
  const call = jsonCall({ host: HOST, api: api.replace(/\/+$/, ''), headers: { 'private-token': token } })
  const of = `/projects/${project}`
  const notes = ({ kind, number }: Thread) => `${of}/${kind === 'pull' ? 'merge_requests' : 'issues'}/${number}/notes`
  return {
    name: HOST,
    async self() {
      const what = 'name the account of the token'
      return self ?? answerOf(USERNAME, await call(what, 'GET', '/user'), HOST, what).username
    },
    async comments(thread) {
      const what = 'list comments'
      const all = await allPages(async (page) => {
        const path = `${notes(thread)}?sort=asc&order_by=created_at&per_page=${PAGE}&page=${page}`
        return answerOf(NOTES, await call(what, 'GET', path), HOST, what)
      })
      return all.filter(({ system }) => !system)
    },
    async comment(thread, body) {
      const what = 'add a comment'
      return answerOf(NOTE, await call(what, 'POST', notes(thread), { body }), HOST, what)
    },
    async editComment(thread, id, body) {
      await call('edit a comment', 'PUT', `${notes(thread)}/${encodeURIComponent(id)}`, { body })
    },
    async deleteComment(thread, id) {
      await call('delete a comment', 'DELETE', `${notes(thread)}/${encodeURIComponent(id)}`)
    },
    async mayWrite(account) {
      const what = 'list members'
      const members = await allPages(async (page) => {
        const path = `${of}/members/all?query=${encodeURIComponent(account)}&per_page=${PAGE}&page=${page}`
        return answerOf(MEMBERS, await call(what, 'GET', path), HOST, what)
      })
      // a member of a group and of the project is there twice
      return members.some(
        ({ username, access_level, state }) => username === account && access_level >= DEVELOPER && state === 'active',
      )
    },
    async openPull({ title, body, branch, into }) {
      const what = 'open a merge request'
      const merge = { source_branch: branch, target_branch: into, title, description: body, remove_source_branch: true }
      try {
        return answerOf(MERGE_REQUEST, await call(what, 'POST', `${of}/merge_requests`, merge), HOST, what).web_url
      } catch (error) {
        if (error instanceof HostRefused && error.status === 409) return 'the one that is open for this branch'
        throw error
      }
    },
  }
}
