import { hash } from 'node:crypto'
import { shorten } from '../text/shorten.ts'
import type { CodeSymbol, ParsedSource, Reference, ReferenceKind } from '../types.ts'
import { attachComments } from './attach-comments.ts'
import { cleanComment } from './clean-comment.ts'
import type { Definition } from './definition-of.ts'
import { type LineIndex, lineIndex } from './line-index.ts'
import { innermost, isScope, type Nest, nestDefinitions } from './nest-definitions.ts'
import type { Found, Span, Use } from './read-matches.ts'
import { signatureOf } from './signature-of.ts'

const DOC_LENGTH = 1200
const REFERENCE_LENGTH = 300

/**
 * Groups what was found in a text into uses and definitions, each with its name, comment and nesting. A definition inside a function is
 * kept only if it is a function or class. O(n log n) in the number of findings.
 */
export function collectSymbols(
  { definitions, uses, comments, docstrings }: Found,
  text: string,
): Omit<ParsedSource, 'gaps'> {
  const nest = nestDefinitions(definitions)
  const lines = lineIndex(text)
  const docs = attachComments(nest, comments, lines)
  const strings = attachDocstrings(nest, docstrings, text)
  const names = qualifiedNames(nest)
  const hashOf = hasher(nest, text)
  const symbols: CodeSymbol[] = []
  nest.kept.forEach((one, i) => {
    const qualified = names[i]
    if (qualified === null || qualified === undefined || isScope(one.kind) || one.kind === 'none') return
    symbols.push({
      qualified,
      name: one.name,
      kind: one.kind === 'function' && hasMethods(nest.kept[nest.parents[i]!]) ? 'method' : one.kind,
      lines: { first: lines.rowOf(one.from) + 1, last: lines.rowOf(one.to) + 1 },
      signature: signatureOf(one, text),
      doc: limit(strings.of.get(i) ?? docs.of.get(i) ?? null),
      hash: hashOf(one),
    })
  })
  return { doc: limit(strings.file ?? docs.file), symbols, references: toReferences(uses, nest, lines) }
}

function hasMethods(holder: Definition | undefined): boolean {
  return holder !== undefined && ['class', 'type', 'impl'].includes(holder.kind)
}

const ONLY_COMMENTS = /^(\s|#[^\n]*\n)*\w{0,2}["']{1,3}$/

/** In some languages a string is the documentation if it comes first in the body, after comments only. */
function attachDocstrings(
  nest: Nest,
  docstrings: readonly Span[],
  text: string,
): { of: Map<number, string>; file: string | null } {
  const of = new Map<number, string>()
  let file: string | null = null
  let isFirst = true // only the first docstring outside definitions can be the file's
  for (const { from, to } of docstrings) {
    const i = innermost(nest, from)
    const bodyAt = nest.kept[i]?.bodyAt ?? null
    if (bodyAt !== null && from - bodyAt <= 'rb"""'.length) of.set(i, cleanComment(text.slice(from, to)))
    else if (i < 0 && isFirst) {
      isFirst = false
      if (ONLY_COMMENTS.test(text.slice(0, from))) file = cleanComment(text.slice(from, to))
    }
  }
  return { of, file }
}

/** One unique name per definition: a second 'Cart.total' becomes 'Cart.total~2'. null for what is no symbol. */
function qualifiedNames({ kept, parents }: Nest): (string | null)[] {
  const paths: string[] = []
  kept.forEach(({ name, owner }, i) => {
    const own = owner ? `${owner}.${name}` : name
    paths.push(parents[i]! < 0 ? own : `${paths[parents[i]!]}.${own}`)
  })
  const defined = new Set(paths.filter((_, i) => !kept[i]!.isDeclaration && !isScope(kept[i]!.kind)))
  const counts = new Map<string, number>()
  const taken = new Set<string>()
  return kept.map(({ kind, isDeclaration }, i) => {
    const path = paths[i]!
    if (isScope(kind) || (isDeclaration && defined.has(path))) return null
    let count = counts.get(path) ?? 0
    let qualified: string
    do qualified = ++count === 1 ? path : `${path}~${count}`
    while (taken.has(qualified)) // a test may have the title 'a~2'
    counts.set(path, count)
    taken.add(qualified)
    return qualified
  })
}

/** Hashes with whitespace runs collapsed. One pass over the text, not one per symbol that contains a place. */
function hasher({ kept }: Nest, text: string): (one: Definition) => string {
  const offsets = [...new Set(kept.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  const places = new Map<number, number>()
  let flat = ''
  let last = 0
  for (const offset of offsets) {
    flat += text.slice(last, offset).replace(/\s{2,}|[^\S ]/g, ' ')
    places.set(offset, flat.length)
    last = offset
  }
  return ({ from, to }) => hash('sha256', flat.slice(places.get(from), places.get(to)), 'hex').slice(0, 16)
}

/** First use of each name. */
type Firsts = Readonly<Record<ReferenceKind, Map<string, number>>>

/** One per name and kind. A name that is called or extended is not also listed as a 'use'. */
function toReferences(uses: readonly Use[], nest: Nest, lines: LineIndex): Reference[] {
  const first: Firsts = { call: new Map(), import: new Map(), extend: new Map(), use: new Map() }
  const defined = new Set(nest.kept.map(({ name }) => name))
  const isOwnName = (name: string, at: number) => defined.has(name) && nest.kept[innermost(nest, at)]?.name === name
  for (const { name, kind, at } of uses) {
    if (name === '' || name.length > REFERENCE_LENGTH) continue
    // skip type parameters such as 'T', and a definition's own name
    if (kind === 'use' && (name.length === 1 || isOwnName(name, at))) continue
    if (at < (first[kind].get(name) ?? Number.POSITIVE_INFINITY)) first[kind].set(name, at)
  }
  for (const { name } of uses) if (first.call.has(name) || first.extend.has(name)) first.use.delete(name)
  return Object.entries(first).flatMap(([kind, places]) =>
    [...places].map(([name, at]) => ({ name, kind: kind as ReferenceKind, line: lines.rowOf(at) + 1 })),
  )
}

function limit(doc: string | null): string | null {
  return doc ? shorten(doc, DOC_LENGTH) : null
}
