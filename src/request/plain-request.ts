import { withoutTicket } from './ticket.ts'
import { withoutTrailers } from './trailers.ts'

/** A request as plain text, without templates and references. */
export interface PlainRequest {
  /** What is wanted, on one line. */
  readonly title: string
  readonly body: string
}

export const LONGEST = 65_536 // characters, as many as an issue on GitHub has
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g
const GH_HEAD = /^title:\t(.*)\n(?:[a-z ]+:(?:\t.*)?\n)+--(?:\n|$)/ // as `gh issue view` prints it
const ADDRESS =
  /\bhttps?:\/\/(?:[^\s/)>]+\/[^\s/)>]+\/[^\s/)>]+(?:\/-)?\/(?:blob|tree|blame|raw)\/([^\s#?)>\]]+))?[^\s)>\]]*/g
const CONTRACTION = /\b[a-z]+n['’]t\b|(?<=\p{L})['’](?:s|m|d|ll|ve|re)\b/giu
const HASH = /\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b/gi // hash of a commit

/**
 * The first line of a request and the rest, without what nobody asks for. Removed are the head that `gh issue view`
 * prints, the questions of a form and its answers about versions and machines, HTML comments, trailers, issue numbers
 * at both ends of the title, web addresses (the path of a file in a repository stays), contractions, and commit hashes.
 * Linear in the text.
 */
export function plainRequest(written: string): PlainRequest {
  const text = written.trim().slice(0, LONGEST).replace(/\r\n?/g, '\n').replace(GH_HEAD, '$1\n\n')
  const end = `${text}\n`.indexOf('\n') // the first line is the title even if it looks like a trailer: 'X-Request-ID: a header'
  const plain = `${text.slice(0, end)}${withoutTrailers(text.slice(end))}`
    .replace(COMMENT, ' ')
    .replace(ADDRESS, (_, path?: string) => ` ${path ?? ''} `)
    .replace(CONTRACTION, ' ')
    .replace(HASH, ' ')
  const lines = withoutQuestions(plain.trim().split('\n'))
  const first = lines.findIndex((line) => line.trim() !== '')
  return { title: withoutTicket(lines[first]?.trim() ?? ''), body: lines.slice(first + 1).join('\n') }
}

const LETTERS = /\p{L}{2}/gu

function hasWords(line: string): boolean {
  return (line.match(LETTERS)?.length ?? 0) >= 3
}

const HEADING = /^(?:#{1,6}\s|\*\*(?=[^*]+\*\*:?$))(.*)/
const ASKED =
  /^(is your|is this|do(es)? |did |have you|are you|would you|will |can you|what|which|why|how|where|who|when|please|descri|steps|to reproduce|reproduc|expected|actual|current behavio|additional|any|alternatives?|suggested|proposed|relevant|logs?|screenshots?|summary|motivation|context|background|problem|feature|bug|type of change|related|test plan|link|clear and concise)/i
const OF_THE_MACHINE =
  /\bversions?\b|^(your )?environment|^(system|build|platform|debug) info|^(check ?list|validations?|code of conduct|pre-?requisites|before (you|submitting))/i
const PROMISE = /^\s*[-*] \[[ x]\] |^\s*_no response_\s*$/i

/**
 * The answers of a form. A text is a form if two or more of its headings ask; other texts stay as they are. If the
 * first line is such a heading, the title is the first sentence of the answers.
 */
function withoutQuestions(lines: readonly string[]): readonly string[] {
  let [isCode, isOfTheMachine, questions] = [false, false, 0]
  const answers = lines.filter((line) => {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode
    const heading = isCode ? undefined : HEADING.exec(line.trim())?.[1]
    if (heading !== undefined) isOfTheMachine = OF_THE_MACHINE.test(heading)
    const isQuestion = heading !== undefined && (isOfTheMachine || ASKED.test(heading))
    if (isQuestion) questions++
    return !isQuestion && !isOfTheMachine && !PROMISE.test(line)
  })
  if (questions < 2) return lines
  const isTitled = answers[0] === lines[0]
  const sentence = answers.find(hasWords)?.replace(/^\s*(?:[-*]|\d+\.)\s+/, '') ?? ''
  return isTitled ? answers : [sentence.split(/(?<=[.!?])\s/)[0]!, ...answers]
}
