import type { SymbolKind } from '../types.ts'
import type { Definition } from './definition-of.ts'
import type { Found, Span, Use } from './read-matches.ts'

type Begun = Omit<Definition, 'to'>

// Comments on their own lines, and multi-line strings, closed or not: they contain no code. ('#if' and '#[' are code.)
const END = '(?![^])'
const PROSE = new RegExp(
  [
    String.raw`^[ \t]*(?:\/\/|#(?![[!]|(?:if|else|elseif|endif)\b)|--(?!\[)|;).*`,
    String.raw`^[ \t]*(?:\/\*[^]*?(?:\*\/|${END})|\(\*[^]*?(?:\*\)|${END})|--\[\[[^]*?(?:\]\]|${END}))`,
    `"""[^]*?(?:"""|${END})`,
  ].join('|'),
  'gm',
)

const KINDS: Readonly<Record<string, SymbolKind | 'impl'>> = {
  ...allAre('class', 'class object struct actor record contract library module defmodule'),
  ...allAre('type', 'interface trait enum protocol mixin union type typealias typedef newtype data defprotocol'),
  ...allAre('impl', 'extension defimpl'),
  ...allAre('function', 'fun func function def defp defmacro defmacrop defn defn- fn sub proc macro event modifier'),
  ...allAre('value', 'val var let const'),
}
const KEYWORD = Object.keys(KINDS)
  .sort((a, b) => b.length - a.length)
  .join('|')
const MODIFIER = [
  'public|private|protected|internal|fileprivate|open|abstract|final|sealed|static|export|external|pub|base',
  'inline|suspend|override|async|lateinit|tailrec|operator|infix|annotation|inner|companion|actual|expect|indirect|mutating|mutable',
  String.raw`(?:data|enum|value|interface)(?= class| object)|const(?= val)|local(?= function)|@[\w.:]+(?:\([^)\r\n\u2028\u2029]*\))?`,
].join('|')
const WORD = String.raw`[\p{L}_][\p{L}\p{N}_]*`
// Type parameters and owners may precede the name: 'fun <T> List<T>.second()', 'function Cart:total()', 'defmodule Shop.Cart'.
const DEFINITION = new RegExp(
  [
    String.raw`^([ \t]*)(?:\((?=def))?(?:(?:${MODIFIER})[ \t]+)*(${KEYWORD})[ \t]+(?:(?:rec|mutable|private|inline)[ \t]+)?(?:<[^>\r\n\u2028\u2029]*>[ \t]*)?`,
    String.raw`((?:${WORD}(?:<[^>\r\n\u2028\u2029]*>)?\??(?:\.|::?))*)(\x60[^\x60\r\n\u2028\u2029]+\x60|${WORD}(?:-[\p{L}\p{N}_]+)*[!?]?)`,
  ].join(''),
  'gmu',
)
const CALL = new RegExp(String.raw`(?<![\p{L}\p{N}_])(${WORD}[!?]?)[ \t]*\(`, 'gu')
const PROPER = /(?<![\p{L}\p{N}_])\p{Lu}[\p{L}\p{N}_]+/gu
const IMPORT = /^[ \t]*import[ \t]+([\p{L}\p{N}_$.*]+)/gmu

function allAre<Kind>(kind: Kind, words: string): Record<string, Kind> {
  return Object.fromEntries(words.split(' ').map((word) => [word, kind]))
}

/**
 * Definitions and uses in a language without a grammar. Like ctags, it looks at the first words of each line: 'fun total(', 'defmodule Shop
 * do'. A definition ends before the next line with the same or less indentation, but includes its closing bracket or 'end'. Linear in the
 * text.
 */
export function readLines(text: string): Found {
  const comments: Span[] = []
  const code = text.replace(PROSE, (prose, at: number) => {
    const isComment = !prose.startsWith('"""')
    if (isComment) comments.push({ from: at + prose.length - prose.trimStart().length, to: at + prose.length })
    return prose.replace(/[^\n]/g, ' ')
  })
  const uses: Use[] = []
  for (const { 1: name, index } of code.matchAll(CALL)) uses.push({ name: name!, kind: 'call', at: index })
  for (const { 0: name, index } of code.matchAll(PROPER)) uses.push({ name, kind: 'use', at: index })
  for (const { 1: name, index } of code.matchAll(IMPORT)) uses.push({ name: name!, kind: 'import', at: index })
  return { definitions: withEnds(code, begunIn(code)), uses, comments, docstrings: [] }
}

/** Definitions by the offset of their first line. */
function begunIn(code: string): Map<number, Begun> {
  const begun = new Map<number, Begun>()
  for (const { 0: whole, 1: indent, 2: keyword, 3: owners, 4: name, index } of code.matchAll(DEFINITION)) {
    const kind = KINDS[keyword!]!
    const nameEnd = index + whole.length
    const isTyped = keyword === 'const' && /^[ \t]+[\p{L}_]/u.test(code.slice(nameEnd, nameEnd + 9)) // Dart's 'const Cart cart'
    if (kind === 'value' && (indent !== '' || isTyped)) continue
    const owner =
      owners!
        .slice(0, 500)
        .replace(/<[^>\n]*>|\?/g, '')
        .replaceAll('::', '.')
        .replace(/[.:]$/, '') || null
    const head = index + indent!.length
    const isTest = name!.includes(' ') // Kotlin's 'fun `the total is rounded`()'
    begun.set(index, {
      name: name!.replaceAll('`', ''),
      owner,
      kind: isTest ? 'test' : kind === 'function' && owner !== null ? 'method' : kind,
      isDeclaration: false,
      from: head,
      head,
      nameAt: nameEnd - name!.length,
      nameEnd,
      bodyAt: headEnd(code, nameEnd),
    })
  }
  return begun
}

const LONGEST_HEAD = 800 // characters
const MOST_SIGNS = 40

/** Where the head of a definition ends: at '{' or a line end outside brackets, at the latest after 40 brackets and lines. */
function headEnd(code: string, from: number): number {
  const head = code.slice(from, from + LONGEST_HEAD)
  const signs = /[()[\]{\n]/g
  let depth = 0
  for (let i = 0, sign = signs.exec(head); sign && i < MOST_SIGNS; i++, sign = signs.exec(head)) {
    if ('(['.includes(sign[0])) depth++
    else if (')]'.includes(sign[0])) depth--
    else if (depth <= 0) return from + sign.index
  }
  return from + head.length
}

function withEnds(code: string, begun: ReadonlyMap<number, Begun>): Definition[] {
  const ended: Definition[] = []
  const open: { readonly indent: number; readonly one: Begun }[] = []
  let last = 0 // end of the last line that is not blank
  for (const { 0: line, index } of code.matchAll(/^.*\S.*$/gm)) {
    const indent = line.length - line.trimStart().length
    const end = index + line.trimEnd().length
    for (let top = open.at(-1); top && indent <= top.indent; top = open.at(-1)) {
      const isLevel = indent === top.indent
      if (isLevel && /^\s*[){]/.test(line)) break // the end of its head: ') {'
      open.pop()
      ended.push({ ...top.one, to: isLevel && /^\s*([}\]]|end\b)/.test(line) ? end : last })
    }
    const one = begun.get(index)
    if (one) open.push({ indent, one })
    last = end
  }
  for (const { one } of open.reverse()) ended.push({ ...one, to: last })
  return ended
}
