import * as z from 'zod'
import { allPages, PAGE } from './all-pages.ts'
import type { Host, Thread } from './host.ts'
import { answerOf } from './host-call.ts'
import { jsonCall } from './json-call.ts'

export interface BitbucketAccess {
  /** Address of the API: 'https://api.bitbucket.org/2.0'. */
  readonly api: string
  /** 'workspace/name'. */
  readonly repository: string
  /** A repository access token. */
  readonly token: string
  readonly self?: string | undefined
}

const HOST = 'Bitbucket'

const ACCOUNT = z.object({ uuid: z.string() })
const COMMENT = z
  .object({
    id: z.int(),
    content: z.object({ raw: z.string() }),
    user: ACCOUNT.nullish(),
    deleted: z.boolean().optional(),
  })
  .transform(({ id, content, user, deleted = false }) => {
    return { id: String(id), author: user?.uuid ?? null, body: content.raw, deleted }
  })
const COMMENTS = z.object({ values: z.array(COMMENT) })
const SOURCE = z.object({ source: z.object({ repository: z.object({ full_name: z.string() }).nullable() }) })

/** Bitbucket Cloud's REST calls (https://developer.atlassian.com/cloud/bitbucket/rest). Its issues have no labels. */
export interface BitbucketHost extends Host {
  /** 'workspace/name' of the repository that a pull request comes from; null: it is gone. */
  sourceOf(pull: number): Promise<string | null>
}

export function bitbucketHost({ api, repository, token, self }: BitbucketAccess): BitbucketHost {
  const headers = { authorization: `Bearer ${token}` }
  const call = jsonCall({ host: HOST, api: api.replace(/\/+$/, ''), headers })
  const [workspace, name] = repository.split('/').map(encodeURIComponent)
  const pull = (number: number) => `/repositories/${workspace}/${name}/pullrequests/${number}`
  const comments = ({ number }: Thread) => `${pull(number)}/comments`
  return {
    name: HOST,
    async self() {
      const what = 'name the account of the token'
      return self ?? answerOf(ACCOUNT, await call(what, 'GET', '/user'), HOST, what).uuid
    },
    async comments(thread) {
      const what = 'list comments'
      const all = await allPages(async (page) => {
        const path = `${comments(thread)}?pagelen=${PAGE}&page=${page}`
        return answerOf(COMMENTS, await call(what, 'GET', path), HOST, what).values
      })
      return all.filter(({ deleted }) => !deleted)
    },
    async comment(thread, body) {
      const what = 'add a comment'
      return answerOf(COMMENT, await call(what, 'POST', comments(thread), { content: { raw: body } }), HOST, what)
    },
    async editComment(thread, id, body) {
      const path = `${comments(thread)}/${encodeURIComponent(id)}`
      await call('edit a comment', 'PUT', path, { content: { raw: body } })
    },
    async deleteComment(thread, id) {
      await call('delete a comment', 'DELETE', `${comments(thread)}/${encodeURIComponent(id)}`)
    },
    async sourceOf(number) {
      const what = 'show a pull request'
      const { source } = answerOf(SOURCE, await call(what, 'GET', pull(number)), HOST, what)
      return source.repository?.full_name ?? null
    },
  }
}
