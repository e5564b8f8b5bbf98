import { createHash } from 'node:crypto'
import * as z from 'zod'
import { UserError } from '../errors.ts'
import { plainRequest } from '../request/plain-request.ts'
import { withoutSecrets } from '../secrets/without-secrets.ts'
import { parseJson } from '../text/parse-json.ts'
import { trimEndOf } from '../text/trim-end.ts'

/** A request in an imported list. */
export interface FoundItem {
  /** Identifies the item when the list is imported again. */
  readonly key: string
  readonly url: string | null
  /** Login; null: the list has none. */
  readonly author: string | null
  /** Title, empty line, body. */
  readonly request: string
  readonly isClosed: boolean
}

export interface FoundItems {
  readonly source: 'github' | 'gitlab' | 'list'
  readonly items: readonly FoundItem[]
  /** Why entries were left out, each with the entry. */
  readonly leftOut: readonly string[]
}

const MOST_TEXT = 20_000 // characters of a request; longer ones contain logs
const LONGEST_SECRET = 20_000
const EXPECTED =
  'give the JSON of `gh issue list --json number,title,body,author,labels,url` or of GitLab, or a Markdown check list ("- [ ] Add ...")'

const TEXT = z.string().nullish()
const LOGIN = z.object({ login: TEXT, username: TEXT }).nullish()

/** An issue as the command line of GitHub prints it, or as the REST calls of GitHub and GitLab return it. */
const ISSUE = z.object({
  number: z.int().positive().optional(),
  iid: z.int().positive().optional(),
  title: z.string(),
  body: TEXT,
  description: TEXT,
  author: LOGIN,
  user: LOGIN,
  url: TEXT,
  html_url: TEXT,
  web_url: TEXT,
  state: TEXT,
  pull_request: z.unknown().optional(),
})

/**
 * Reads a list of requests: issues as JSON (GitHub, GitLab; one, or a list), or the check list of a Markdown text. Linear in the text.
 * Throws UserError if it is neither.
 */
export function readItems(text: string): FoundItems {
  const plain = text.replace(/^\uFEFF/, '')
  if (/^\s*[[{]/.test(plain)) return readIssues(plain)
  const items = readCheckList(plain)
  if (items.length > 0) return { source: 'list', items, leftOut: [] }
  throw new UserError(
    plain.trim() === '' ? 'the list is empty' : 'this is neither a list of issues nor a check list',
    EXPECTED,
  )
}

function readIssues(text: string): FoundItems {
  let entries: unknown
  try {
    entries = parseJson(text)
  } catch (cause) {
    throw new UserError(`this is not JSON: ${(cause as Error).message.split('\n')[0]}`, EXPECTED, { cause })
  }
  const list = Array.isArray(entries) ? entries : [entries]
  const leftOut: string[] = []
  const items: FoundItem[] = []
  let isGitLab = false
  for (const [i, entry] of list.entries()) {
    const { data: issue } = ISSUE.safeParse(entry)
    const number = issue?.number ?? issue?.iid
    if (!issue || number === undefined) leftOut.push(`entry ${i + 1}: it has no number and title`)
    else if (issue.pull_request) leftOut.push(`#${number}: a pull request`)
    else if (issue.title.trim() === '') leftOut.push(`#${number}: it has no title`)
    else {
      isGitLab ||= issue.iid !== undefined
      const address = webAddress(issue.url ?? issue.html_url ?? issue.web_url)
      const url = address && withoutSecrets(address) // as it is stored, to know it again
      const author = issue.author ?? issue.user
      items.push({
        key: url ?? String(number),
        url,
        author: author?.login ?? author?.username ?? null,
        request: requestOf(issue.title, issue.body ?? issue.description ?? ''),
        isClosed: /^closed$/i.test(issue.state ?? ''),
      })
    }
  }
  if (items.length === 0 && list.length > 0)
    throw new UserError('none of the entries is an issue with number and title', EXPECTED)
  return { source: isGitLab ? 'gitlab' : 'github', items, leftOut }
}

/** A web address; null for anything else, since the address is shown and terminals make links clickable. */
function webAddress(url: string | null | undefined): string | null {
  return url && /^https?:\/\/[^\s\x00-\x1f]+$/.test(url) && url.length < 500 ? url : null
}

/** Entries of a check list; indented lines below one are its body. The words of an entry are its key. */
function readCheckList(text: string): FoundItem[] {
  const items: { title: string; body: string[]; isClosed: boolean }[] = []
  let isCode = false
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode
    const entry = isCode ? null : /^\s{0,3}(?:[-*+]|\d+[.)])\s+\[([ xX])\]\s+(\S.*)$/.exec(line)
    if (entry) items.push({ title: entry[2]!.trim(), body: [], isClosed: entry[1] !== ' ' })
    else if (/^\s{2,}\S/.test(line) || (line.trim() === '' && items.at(-1)?.body.length))
      items.at(-1)?.body.push(line.trim())
  }
  return items.map(({ title, body, isClosed }) => {
    const request = requestOf(title, body.join('\n'))
    return { key: keyOfWords(title), url: null, author: null, request, isClosed }
  })
}

/** A title and a body as a request of at most 20,000 characters. A longer one is without secrets: half of one is not recognised. */
export function requestOf(title: string, body: string): string {
  const whole = `${title.replace(/\s+/g, ' ').trim()}\n\n${body.replace(/\r\n?/g, '\n').trim()}`.trim()
  if (whole.length <= MOST_TEXT) return whole
  const clean = withoutSecrets(whole.slice(0, MOST_TEXT + LONGEST_SECRET))
  return `${clean.slice(0, MOST_TEXT)}\n[cut off after ${MOST_TEXT} characters]`
}

/** A digest of a request's title. It identifies a request that has no number. */
export function keyOfWords(request: string): string {
  return createHash('sha256').update(wordsOf(request)).digest('hex').slice(0, 24)
}

/** The words of a request's title in one form: lower case, single blanks, without quotation marks and the mark at its end. */
export function wordsOf(request: string): string {
  const { title } = plainRequest(request)
  const plain = title
    .normalize('NFC')
    .toLowerCase()
    .replace(/[`"'\u201c\u201d\u2018\u2019]/g, '')
    .replace(/\s+/g, ' ')
  return trimEndOf(plain, '.!?:;, ').trim()
}
