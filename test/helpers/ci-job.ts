import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scratchFolder } from '../repo/scratch-repo.ts'

type Fields = Readonly<Record<string, unknown>>

const REPOSITORY = {
  id: 186853002,
  name: 'books',
  full_name: 'shop/books',
  private: false,
  fork: false,
  default_branch: 'main',
}
const FORK = { ...REPOSITORY, full_name: 'eve/books', fork: true }
const person = (login: string, type = 'User') => ({ login, id: 21031067, type, site_admin: false })

/** Fields of an event as https://docs.github.com/webhooks/webhook-events-and-payloads shows them; `changes` replace some of them. */
export function pullEvent(
  { head, base, isFork = false }: { readonly head: string; readonly base: string; readonly isFork?: boolean },
  changes: Fields = {},
): Fields {
  return {
    action: 'synchronize',
    number: 7,
    pull_request: {
      ...{ id: 279147437, number: 7, state: 'open', title: 'Change the parser', draft: false, user: person('ada') },
      head: { label: 'shop:topic', ref: 'topic', sha: head, user: person('ada'), repo: isFork ? FORK : REPOSITORY },
      base: { label: 'shop:main', ref: 'main', sha: base, user: person('shop'), repo: REPOSITORY },
    },
    repository: REPOSITORY,
    sender: person('ada'),
    ...changes,
  }
}

export interface LabelFields {
  readonly label?: unknown
  readonly title?: unknown
  readonly body?: unknown
  readonly by?: unknown
  readonly byType?: string
  readonly number?: unknown
}

export function labelEvent(
  { label = 'repose', title = 'Add a CSV output', body = null, by = 'ada', byType = 'User', number = 12 }: LabelFields,
  changes: Fields = {},
): Fields {
  const one = { id: 1362934389, name: label, color: 'd73a4a', default: false, description: null }
  return {
    action: 'labeled',
    issue: {
      ...{ id: 444500041, number, title, body, state: 'open', locked: false, user: person('eve') },
      ...{ labels: [one], author_association: 'NONE', comments: 0 },
    },
    label: one,
    repository: REPOSITORY,
    sender: { ...person('ada', byType), login: by },
    ...changes,
  }
}

/** The variables of a job of GitHub Actions. event: its event, or the text of its event file; undefined: there is no file. */
export function gitHubEnv(name: string, event: Fields | string | undefined, api: string): Record<string, string> {
  const path = join(scratchFolder(), 'event.json')
  if (event !== undefined) writeFileSync(path, typeof event === 'string' ? event : JSON.stringify(event))
  return {
    ...{ CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name, GITHUB_REPOSITORY: 'shop/books' },
    ...{ GITHUB_API_URL: api, GITHUB_TOKEN: 'ghs-0123456789', GITHUB_REF_NAME: 'main' },
    ...(event === undefined ? {} : { GITHUB_EVENT_PATH: path }),
  }
}
