import { withoutHtml } from './html.ts'
import { withoutTicket } from './ticket.ts'
import { withoutTrailers } from './trailers.ts'

/** A request in its own words. */
export interface PlainRequest {
  /** One line: what is wanted. */
  readonly title: string
  readonly body: string
}

/**
 * What a request says, without what it is written into: the head that `gh issue view` prints, the headings and boxes of a form and what it asks
 * about versions and machines, HTML, comments, trailers, the tickets that a title begins and ends with, addresses on the web (of a file in a repository its path stays), contractions, hashes of commits, and the
 * function words of other languages, which are rare in code and would weigh most. Of a Python traceback alone the error is the title. Letters with marks are one character each (NFC), as files nearly
 * always have them: a path that macOS copies has two. Of a longer text the first 65,536 characters, as many as an issue on GitHub has. Linear in the text.
 */
export function plainRequest(written: string): PlainRequest {
  const read = written.trim().slice(0, LONGEST).normalize().replace(/\r\n?/g, '\n')
  const text = withoutForeign(
    withoutHtml(withoutTrailersBelow(outOfHead(read)).replace(COMMENT, ' '))
      .replace(ADDRESS, (_, path?: string) => ` ${path ?? ''} `)
      .replace(CONTRACTION, ' ')
      .replace(HASH, ' '),
  )
  const lines = withoutQuestions(withoutTraces(text.trim().split('\n')))
  const first = lines.findIndex((line) => line.trim() !== '')
  return { title: withoutTicket(lines[first]?.trim() ?? ''), body: lines.slice(first + 1).join('\n') }
}

/** The first line is what is asked for, whatever it looks like: 'X-Request-ID: a header'. */
function withoutTrailersBelow(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  return [first, withoutTrailers(rest.join('\n'))].join('\n')
}

const LONGEST = 65_536
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g
const GH_HEAD = /^title:\t(.*)\n(?:[a-z ]+:(?:\t.*)?\n)+--(?:\n|$)/
const ADDRESS =
  /\bhttps?:\/\/(?:[^\s/)>]+\/[^\s/)>]+\/[^\s/)>]+(?:\/-)?\/(?:blob|tree|blame|raw)\/([^\s#?)>\]]+))?[^\s)>\]]*/g
const CONTRACTION = /\b[a-z]+n['’]t\b|(?<=\p{L})['’](?:s|m|d|ll|ve|re)\b/giu

const HASH = /\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b/gi // of a commit

function outOfHead(text: string): string {
  return text.replace(GH_HEAD, '$1\n\n')
}

const TRACE = /^\s*Traceback \(most recent call last\):\s*$/
const BETWEEN_TRACES =
  /^\s*(?:During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):\s*$/

/** Lines without those that begin each traceback of Python. Where the request begins with one, the error of the last comes first. */
function withoutTraces(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => TRACE.test(line))
  if (last === -1) return lines
  const isFirst = TRACE.test(lines.find((line) => /\w/.test(line))!)
  const calls = indentOf(lines[last + 1] ?? '')
  const at = isFirst ? lines.findIndex((line, i) => i > last && line.trim() !== '' && indentOf(line) < calls) : -1
  const rest = lines.filter((line, i) => i !== at && !TRACE.test(line) && !BETWEEN_TRACES.test(line))
  return at === -1 ? rest : [lines[at]!, '', ...rest]
}

function indentOf(line: string): number {
  return line.search(/\S|$/)
}

const HEADING = /^(?:(#{1,6})\s(.*)|(\*\*)([^*]+)\*\*:?)$/
const ASKED =
  /^(is your feature|is this|do(es)? |did |have you|are you|would you|will |can you|what|which|why|how|where|who|when|please|describe|descri|steps|to reproduce|reproduc|expected|actual|current behaviou?r|additional|anything|alternatives?|suggested|proposed|relevant|logs?|stack ?trace|screenshots?|summary|motivation|context|background|problem|feature|bug|type of change|related|test plan|link|clear and concise)/i
const OF_THE_MACHINE =
  /\bversions?\b|^(your )?environment$|^(system|build|platform|debug) info|^(system|platform|os|operating system|browsers?|package manager|node(\.?js)?)\b.{0,20}$|^(check ?list|validations?|acknowledge?ments?|code of conduct|pre-?requisites|before (you|submitting))/i
const PROMISE = /^\s*[-*] \[[ x]\] /i
const FEWEST_WORDS = 3

interface Line {
  readonly text: string
  readonly heading: { readonly rank: string; readonly asks: boolean; readonly isOfTheMachine: boolean } | null
}

/** The answers of a form, that is of lines with two headings that ask; other lines as they are. Where the first line asks, the first sentence of an answer becomes the title. */
function withoutQuestions(lines: readonly string[]): readonly string[] {
  const read = lines.map(headingReader())
  if (read.filter(({ heading }) => heading?.asks).length < 2) return lines
  const rank = read[0]!.heading?.asks ? read[0]!.heading.rank : null
  const answers: string[] = []
  let isOfTheMachine = false
  for (const { text, heading } of read) {
    if (heading) isOfTheMachine = heading.isOfTheMachine
    const isQuestion = heading !== null && (heading.asks || heading.rank === rank)
    if (!isOfTheMachine && !isQuestion && !PROMISE.test(text) && !/^\s*_no response_\s*$/i.test(text))
      answers.push(text)
  }
  return rank === null ? answers : [firstSentence(answers), '', ...answers]
}

/** Reads line by line: what stands in a block of code is no heading. */
function headingReader(): (text: string) => Line {
  let isInCode = false
  return (text) => {
    if (/^\s*(```|~~~)/.test(text)) isInCode = !isInCode
    const match = isInCode ? null : HEADING.exec(text.trim())
    if (!match) return { text, heading: null }
    const says = (match[2] ?? match[4]!).trim()
    const isOfTheMachine = OF_THE_MACHINE.test(says)
    return { text, heading: { rank: match[1] ?? match[3]!, asks: isOfTheMachine || ASKED.test(says), isOfTheMachine } }
  }
}

function firstSentence(answers: readonly string[]): string {
  const answer = answers.find((line) => (line.match(/\p{L}{2,}/gu)?.length ?? 0) >= FEWEST_WORDS) ?? ''
  return answer.replace(/^\s*(?:[-*]|\d+\.)\s+/, '').split(/(?<=[.!?])\s/)[0]!
}

// Enough of each to tell it by: articles, prepositions, conjunctions, auxiliary verbs.
const FUNCTION_WORDS: readonly ReadonlySet<string>[] = [
  'der die das den dem des ein eine einen einem einer und oder für mit von zu zum zur im am auf aus bei ist sind wird werden soll sollen kann können nicht wenn dass als auch wie um es ich wir man beim nach über hinzufügen',
  'le la les un une des du de et ou pour avec dans sur au aux est sont être qui que ce cette ces il elle nous vous ne pas plus par en lors quand si doit peut ajouter',
  'el la los las un una unos unas de del y o para con en por al es son ser que se su sus no cuando como si lo este esta debe puede añadir agregar',
  'o a os as um uma de do da dos das e ou para com em no na nos nas por ao é são ser que se seu sua não quando como deve pode adicionar',
  'il lo la i gli le un una di del della dei delle e per con in su da al alla è sono essere che si suo non quando come deve può aggiungere',
  'de het een en of voor met van in op bij te is zijn wordt worden moet kan niet als dat die om naar door aan toevoegen',
].map((words) => new Set(words.split(' ')))
const ENGLISH = new Set(
  'a an and are as at be by can do for from has have if in into is it its no not of on or should so that the this to up use we when where which with you'.split(
    ' ',
  ),
)
const FEWEST = 2

function withoutForeign(text: string): string {
  const said = new Set(text.toLowerCase().match(/\p{L}+/gu) ?? [])
  const heard = (words: ReadonlySet<string>) => [...words].filter((word) => said.has(word)).length
  const [likeliest] = FUNCTION_WORDS.map((words) => ({ words, times: heard(words) })).sort((a, b) => b.times - a.times)
  if (likeliest!.times < FEWEST || likeliest!.times <= heard(ENGLISH)) return text
  return text.replace(/(?<![\p{L}\p{N}_$.-])\p{L}+(?![\p{L}\p{N}_$(.-])/gu, (word) =>
    likeliest!.words.has(word.toLowerCase()) ? ' ' : word,
  )
}
