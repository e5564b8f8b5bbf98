import type { ReferenceKind } from '../types.ts'
import { type Definition, definitionOf } from './definition-of.ts'
import type { QueryMatch, SyntaxNode } from './syntax-tree.ts'

export interface Use {
  readonly name: string
  readonly kind: ReferenceKind
  readonly at: number
}

export interface Span {
  readonly from: number
  readonly to: number
}

export interface Found {
  readonly definitions: readonly Definition[]
  readonly uses: readonly Use[]
  readonly comments: readonly Span[]
  readonly docstrings: readonly Span[]
}

/**
 * Reads the captures described in src/parse/languages/index.ts. If several matches share a body (or, without a body, a name), the earliest
 * pattern of the query wins. Linear in the matches.
 */
export function readMatches(
  matches: readonly QueryMatch[],
  text: string,
  imports: (text: string) => readonly string[],
): Found {
  const definitions = new Map<number, Candidate>()
  const uses: Use[] = []
  const comments = new Map<number, Span>()
  const docstrings: Span[] = []
  const prefixes: Span[] = []
  const roles = new Map<string, Role>()
  for (const { captures, pattern } of matches) {
    let symbol: { readonly role: Role; readonly node: SyntaxNode } | undefined
    let name: SyntaxNode | undefined
    let owner: SyntaxNode | undefined
    let body: SyntaxNode | undefined
    let isPath = false
    for (const { name: capture, node } of captures) {
      let role = roles.get(capture)
      if (!role) {
        role = roleOf(capture)
        roles.set(capture, role)
      }
      const { what, kind } = role
      if (what === 'reference') addUses(uses, role, node, text, imports)
      else if (what === 'name') {
        name ??= node
        isPath = kind === 'path'
      } else if (what === 'body') body = node
      else if (what === 'doc') {
        const comment = spanOf(node)
        comments.set(comment.from, comment)
      } else if (what === 'prefix') prefixes.push(spanOf(node))
      else if (what === 'owner') owner = node
      else if (what === 'docstring') docstrings.push(spanOf(node))
      else if (what === 'symbol' || what === 'declaration' || what === 'scope') symbol = { role, node }
    }
    if (!symbol) continue
    const { role, node } = symbol
    const made = definitionOf({ role: role.what, kind: role.kind, node, name, isPath, owner, body }, text)
    addDefinition(definitions, made, pattern)
  }
  const found = [...new Set(definitions.values())].map((one) => one.definition).filter(({ kind }) => kind !== 'none')
  return {
    definitions: withPrefixes(found, prefixes, comments, text),
    uses,
    comments: [...comments.values()],
    docstrings,
  }
}

interface Candidate {
  readonly definition: Definition
  readonly pattern: number
}

/** A definition owns the place of its body and the place of its name. */
function addDefinition(known: Map<number, Candidate>, definition: Definition, pattern: number): void {
  const { bodyAt, nameEnd } = definition
  const keys = bodyAt === null ? [nameEnd] : [bodyAt, nameEnd]
  const rivals = keys.flatMap((key) => known.get(key) ?? [])
  if (rivals.some((rival) => rival.pattern <= pattern)) return
  for (const { definition: rival } of rivals)
    for (const key of [rival.bodyAt, rival.nameEnd]) if (key !== null) known.delete(key)
  const candidate = { definition, pattern }
  for (const key of keys) known.set(key, candidate)
}

/** 'reference.use.proper', split. */
interface Role {
  readonly what: string
  readonly kind: string
  readonly only: string | undefined
}

function roleOf(capture: string): Role {
  const [what = '', kind = '', only] = capture.split('.')
  return { what, kind, only }
}

function spanOf(node: SyntaxNode): Span {
  return { from: node.startIndex, to: node.endIndex }
}

function addUses(
  uses: Use[],
  { kind, only }: Role,
  node: SyntaxNode,
  text: string,
  imports: (text: string) => readonly string[],
): void {
  const at = node.startIndex
  const name = text.slice(at, node.endIndex)
  if (kind === 'import') for (const specifier of imports(name)) uses.push({ name: specifier, kind, at })
  else if (only !== 'proper' || isCapital(name)) uses.push({ name, kind: kind as ReferenceKind, at })
}

function isCapital(name: string): boolean {
  return /^\p{Lu}/u.test(name)
}

/** Moves the start of each definition to the decorators, attributes and keywords before it, also across comments. */
function withPrefixes(
  definitions: readonly Definition[],
  prefixes: readonly Span[],
  comments: ReadonlyMap<number, Span>,
  text: string,
): readonly Definition[] {
  if (prefixes.length === 0) return definitions
  const starts = new Map<number, number>()
  for (const prefix of prefixes) {
    let next = afterSpace(text, prefix.to)
    for (let comment = comments.get(next); comment; comment = comments.get(next)) next = afterSpace(text, comment.to)
    starts.set(next, prefix.from)
  }
  return definitions.map((one) => {
    let { from } = one
    for (let start = starts.get(from); start !== undefined && start < from; start = starts.get(from)) from = start
    return from === one.from ? one : { ...one, from }
  })
}

function afterSpace(text: string, at: number): number {
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  return at
}
