import { shorten } from '../text/shorten.ts'
import type { Definition } from './definition-of.ts'

const SIGNATURE_LENGTH = 200

/**
 * The declaration up to its body, without decorators and attributes, as one line of at most 200 characters. Without a body: its first line,
 * or for a function the lines up to the closing parenthesis. For a test: its call up to the title.
 */
export function signatureOf({ name, from, to, head, nameAt, nameEnd, bodyAt, kind }: Definition, text: string): string {
  if (kind === 'test') return flat(`${text.slice(head, nameEnd)}${text.slice(head, nameAt).includes('(') ? ')' : ''}`)
  const start = Math.min(afterAnnotations(text, from), nameEnd)
  const end =
    bodyAt ?? (kind === 'class' ? to : openingEnd(text, Math.max(start, head), to, kind === 'value' || kind === 'type'))
  const declaration = text.slice(start, end)
  return flat(nameAt >= end ? `${flat(declaration)} ${name}` : declaration) // typedef struct { … } name
}

const COMMENTS = /\/\*[\s\S]*?\*\/|\s(?:\/\/|#(?=\s|(?:if|else|elif|endif|region|endregion|pragma|nullable)\b))[^\n]*/g

function flat(code: string): string {
  const line = code
    .slice(0, 4 * SIGNATURE_LENGTH)
    .replace(COMMENTS, ' ')
    .replace(/[^\S\n]*\n\s*/g, '\n')
    .replace(/([([<])\n/g, '$1')
    .replace(/,?\n(?=[)\]>])/g, '')
    .replace(/\s+/g, ' ')
  return shorten(withoutOpening(line.trim()), SIGNATURE_LENGTH)
}

/** Removes the start of the body: '{', '=>', ':', '= (', ... */
function withoutOpening(line: string): string {
  let end = line.length
  for (;;) {
    if (end > 0 && ' {([:=;,\\'.includes(line[end - 1]!)) end--
    else if (line.endsWith('=>', end)) end -= 2
    else if (line.endsWith(' do', end)) end -= 3
    else return line.slice(0, end)
  }
}

function openingEnd(text: string, from: number, to: number, onlyFirst: boolean): number {
  let end = from
  for (let depth = 0; end < to && end - from < 4 * SIGNATURE_LENGTH; end++) {
    const character = text[end]!
    if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === '\n' && (depth <= 0 || onlyFirst)) break
  }
  return end
}

const ANNOTATION = /(?:@(?!interface\b)[\p{L}_$][\p{L}\p{N}_$.]*(?=[\s(])|#!?(?=\[)|(?=\[))/uy
const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#(?=\s)[^\n]*\n)*/y

/** Offset after decorators, attributes and the comments between them. */
function afterAnnotations(text: string, from: number): number {
  let at = from
  for (;;) {
    ANNOTATION.lastIndex = at
    if (!ANNOTATION.test(text)) return at
    let end = ANNOTATION.lastIndex
    if (text[end] === '(' || text[end] === '[') end = afterBrackets(text, end)
    // `[Symbol.iterator]() {` is a name; in `[Fact] void` an attribute precedes a method
    if (end < 0 || !/\s/.test(text[end] ?? '')) return at
    SPACE.lastIndex = end
    SPACE.test(text)
    at = SPACE.lastIndex
  }
}

const LONGEST_ANNOTATION = 5000

/**
 * Offset after the bracket that closes the one at `from`; -1 if it is far away or missing. Brackets in strings count too: they are nearly
 * always paired.
 */
function afterBrackets(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length && at - from < LONGEST_ANNOTATION; at++) {
    const character = text[at]!
    if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character) && --depth === 0) return at + 1
  }
  return -1
}
