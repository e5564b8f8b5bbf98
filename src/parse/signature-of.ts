import type { Definition } from './read-matches.ts'

const SIGNATURE_LENGTH = 200

/**
 * The declaration up to its body, or its first line where it has none (more, when that leaves a parenthesis open), without
 * decorators and attributes, on one line of at most 200 characters. Of a test, its call up to the title.
 */
export function signatureOf({ name, from, to, head, nameEnd, bodyAt, kind }: Definition, text: string): string {
  if (kind === 'test') {
    const call = text.slice(head, nameEnd)
    return flat(call.includes('(') ? `${call})` : call)
  }
  const start = Math.min(afterAnnotations(text, from), nameEnd)
  if (bodyAt === null) return flat(openingLines(text, start, to, kind === 'value' || kind === 'type'))
  const before = text.slice(start, bodyAt)
  return flat(nameEnd > bodyAt ? `${before} ${name}` : before) // typedef struct { … } name
}

const COMMENTS = /\/\*[^]*?\*\/|(^|\s)(\/\/|# )[^\n]*/g

function flat(code: string): string {
  const line = code
    .slice(0, 4 * SIGNATURE_LENGTH)
    .replace(COMMENTS, ' ')
    .replace(/\s+/g, ' ')
    .replace(/(\s|\{|=>|:|=|;|,)+$/, '')
    .trim()
  return line.length > SIGNATURE_LENGTH ? `${line.slice(0, SIGNATURE_LENGTH - 1)}…` : line
}

function openingLines(text: string, from: number, to: number, onlyFirst: boolean): string {
  let end = from
  for (let depth = 0; end < to && end - from < 4 * SIGNATURE_LENGTH; end++) {
    const character = text[end]!
    if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === '\n' && (depth <= 0 || onlyFirst)) break
  }
  return text.slice(from, end)
}

const ANNOTATION = /(?:@(?!interface\b)[\p{L}_$][\p{L}\p{N}_$.]*(?=[\s(])|#!?(?=\[)|(?=\[)|\/\/[^\n]*|\/\*[^]*?\*\/|#(?=\s)[^\n]*\n)/uy
const SPACE = /\s*/y

/** Offset behind decorators, attributes and the comments between them. */
function afterAnnotations(text: string, from: number): number {
  let at = from
  for (;;) {
    ANNOTATION.lastIndex = at
    if (!ANNOTATION.test(text)) return at
    let end = ANNOTATION.lastIndex
    if (text[end] === '(' || text[end] === '[') end = afterBrackets(text, end)
    // `[Symbol.iterator]() {` is a name, `[Fact] void` is an attribute and a method
    if (end < 0 || !/\s/.test(text[end] ?? '')) return at
    SPACE.lastIndex = end
    SPACE.test(text)
    at = SPACE.lastIndex
  }
}

const LONGEST_ANNOTATION = 5000

/** Offset behind the bracket that closes the one at `from`; -1 when it is far or missing. Brackets in strings count too: they nearly always pair. */
function afterBrackets(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length && at - from < LONGEST_ANNOTATION; at++) {
    const character = text[at]!
    if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character) && --depth === 0) return at + 1
  }
  return -1
}
