import { withoutTicket } from '../request/ticket.ts'
import { isTrailer, withoutTrailers } from '../request/trailers.ts'

export interface Message {
  readonly title: string
  readonly body: string
}

// Subjects of merged pull and merge requests: GitHub, Bitbucket, GitLab, Azure. The title is then in the body.
const PULL_REQUEST =
  /^Merge (pull request|PR) #\d+( |$)|^Merged in .*\(pull request #\d+\)|^Merge (remote-tracking )?branch .* into /i
// Gitea and Azure put the title into the subject.
const TITLE_IN_SUBJECT = /^Merge pull request '(.+)' \(#\d+\) from|^Merged PR \d+: (.+)$/i
const FROM_RELEASE =
  /^Merge pull request #\d+ from [^/]+\/(changeset-release\/|(releases?|hotfix|backport)(\/|[-_]?v?\d|$))/i

const CONFLICTS = /^#?\s*Conflicts:/ // git lists them in the message of a merge

const LONG_TITLE = 100 // characters; a longer subject may have several sentences, of which the first is the title
const LONGEST_TITLE = 300
const LONGEST_BODY = 4000 // characters

/**
 * What was asked for, read from the message of a mainline commit: its title without issue numbers, its body without
 * trailers and references. null: a merge that only names the branch that it merged.
 *
 * The bullet list of a squash merge ("* subject" a commit) stays: the author sent it, and it is often the only text.
 * Like any commit message, it was written after the work; a backtest by title alone shows what it is worth.
 */
export function cleanMessage(subject: string, body: string, isMerge: boolean): Message | null {
  const inSubject = TITLE_IN_SUBJECT.exec(subject)
  if (inSubject) return messageOf(inSubject[1] ?? inSubject[2]!, body)
  if (PULL_REQUEST.test(subject)) {
    if (FROM_RELEASE.test(subject)) return null
    const [first = '', ...rest] = body.split('\n')
    const isTitle = first.trim() !== '' && !isTrailer(first) && !CONFLICTS.test(first)
    return isTitle ? messageOf(first, rest.join('\n')) : null
  }
  if (isMerge && /^merged?\b/i.test(subject)) return null
  return messageOf(subject, body)
}

/** Splits a subject of several sentences: the first is the title, and the rest belongs to the body. */
function messageOf(subject: string, body: string): Message {
  const sentence = subject.length > LONG_TITLE ? /^.{20,}?[.;](?= )/.exec(subject)?.[0] : undefined
  const rest = sentence ? subject.slice(sentence.length).trim() : ''
  return {
    title: withoutTicket((sentence ?? subject).slice(0, LONGEST_TITLE)).trim(),
    body: cleanBody(rest ? `${rest}\n\n${body}` : body),
  }
}

function cleanBody(body: string): string {
  return withoutTrailers(body.replace(/\r\n?/g, '\n'))
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, LONGEST_BODY)
}
