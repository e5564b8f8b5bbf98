import type Parser from 'tree-sitter'
import type { ReferenceKind, SymbolKind } from '../types.ts'

/** A named place in a text, before it is known where it stands among the others. Offsets are UTF-16 units. */
export interface Definition {
  readonly name: string
  /** Names that go before it: the receiver 'Server' of a Go method, 'Foo.Bar' of a C++ `Foo::Bar::baz`. */
  readonly owner: string | null
  /** 'impl' and 'module' are part of the names inside them, but no symbols; 'none' is not even that: `x = require('y')`. */
  readonly kind: SymbolKind | 'impl' | 'module' | 'none'
  /** Gives way to a definition of the same name in the same text: C's prototypes. */
  readonly isDeclaration: boolean
  /** Start with decorators, attributes and `export`. */
  from: number
  /** Start of the declaration itself. */
  readonly head: number
  readonly to: number
  readonly nameAt: number
  readonly nameEnd: number
  readonly bodyAt: number | null
}

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
 * Reads the captures that src/parse/languages/index.ts describes. Of several matches for one body (or, without a body,
 * for one name) the earliest pattern of the query counts. Linear in the matches.
 */
export function readMatches(matches: readonly Parser.QueryMatch[], text: string, imports: (text: string) => readonly string[]): Found {
  const definitions = new Map<number, Candidate>()
  const uses: Use[] = []
  const comments = new Map<number, Span>()
  const docstrings: Span[] = []
  const prefixes: Span[] = []
  const roles = new Map<string, Role>()
  for (const { captures, pattern } of matches) {
    let symbol: Parser.SyntaxNode | undefined
    let symbolRole: Role | undefined
    let name: Parser.SyntaxNode | undefined
    let owner: Parser.SyntaxNode | undefined
    let body: Parser.SyntaxNode | undefined
    for (const { name: capture, node } of captures) {
      let role = roles.get(capture)
      if (!role) roles.set(capture, (role = roleOf(capture)))
      const { what } = role
      if (what === 'reference') addUses(uses, role, node, text, imports)
      else if (what === 'name') name ??= node
      else if (what === 'body') body = node
      else if (what === 'doc') {
        const comment = span(node)
        comments.set(comment.from, comment)
      } else if (what === 'prefix') prefixes.push(span(node))
      else if (what === 'owner') owner = node
      else if (what === 'docstring') docstrings.push(span(node))
      else if (what === 'symbol' || what === 'declaration' || what === 'scope') {
        symbol = node
        symbolRole = role
      }
    }
    if (symbol && symbolRole) addDefinition(definitions, definition(symbolRole, symbol, name, owner, body, text), pattern)
  }
  const found = [...new Set(definitions.values())].map(({ definition }) => definition).filter(({ kind }) => kind !== 'none')
  takeIn(prefixes, found, comments, text)
  return { definitions: found, uses, comments: [...comments.values()], docstrings }
}

interface Candidate {
  readonly definition: Definition
  readonly pattern: number
}

/** The place of the body and of the name each belong to one definition. */
function addDefinition(known: Map<number, Candidate>, definition: Definition, pattern: number): void {
  const { bodyAt, nameEnd } = definition
  const keys = bodyAt === null ? [nameEnd] : [bodyAt, nameEnd]
  const rivals = keys.flatMap((key) => known.get(key) ?? [])
  if (rivals.some((rival) => rival.pattern <= pattern)) return
  for (const { definition: rival } of rivals) for (const key of [rival.bodyAt, rival.nameEnd]) if (key !== null) known.delete(key)
  const candidate = { definition, pattern }
  for (const key of keys) known.set(key, candidate)
}

/** 'reference.use.proper' in its parts. */
interface Role {
  readonly what: string
  readonly kind: string
  readonly only: string | undefined
}

function roleOf(capture: string): Role {
  const [what = '', kind = '', only] = capture.split('.')
  return { what, kind, only }
}

// Each property of a node is a call into C++, and that is most of the time spent here: read none twice, and positions never
// (rows come from offsets).
function span(node: Parser.SyntaxNode): Span {
  return { from: node.startIndex, to: node.endIndex }
}

function slice(node: Parser.SyntaxNode, text: string): string {
  return text.slice(node.startIndex, node.endIndex)
}

function addUses(uses: Use[], { kind, only }: Role, node: Parser.SyntaxNode, text: string, imports: (text: string) => readonly string[]): void {
  const at = node.startIndex
  const name = text.slice(at, node.endIndex)
  if (kind === 'import') for (const specifier of imports(name)) uses.push({ name: specifier, kind, at })
  else if (only !== 'proper' || isCapital(name)) uses.push({ name, kind: kind as ReferenceKind, at })
}

function isCapital(name: string): boolean {
  return /^\p{Lu}/u.test(name)
}

const NAME_LENGTH = 100

function definition(
  { what, kind }: Role,
  node: Parser.SyntaxNode,
  nameNode: Parser.SyntaxNode | undefined,
  ownerNode: Parser.SyntaxNode | undefined,
  bodyNode: Parser.SyntaxNode | undefined,
  text: string,
): Definition {
  const head = node.startIndex
  const mayHaveBody = bodyNode || (kind !== 'value' && kind !== 'test')
  const body = mayHaveBody ? ((bodyNode ?? node).childForFieldName('body') ?? bodyNode) : undefined
  const nameAt = nameNode ? nameNode.startIndex : head
  const nameEnd = nameNode ? nameNode.endIndex : head
  let to = node.endIndex
  while (to > head && text.charCodeAt(to - 1) <= 32) to-- // C's grammar ends a #define behind its line break
  const written = text.slice(nameAt, nameEnd)
  const path = kind === 'test' ? [written] : splitPath(written)
  const owner = plainOwner(ownerNode ? slice(ownerNode, text) : path.slice(0, -1).join('.'))
  return {
    name: plainName(path.at(-1)!),
    owner,
    kind: kindOf(kind, owner, ownerNode !== undefined),
    isDeclaration: what === 'declaration',
    from: head,
    head,
    to,
    nameAt,
    nameEnd,
    bodyAt: body ? body.startIndex : null,
  }
}

function kindOf(kind: string, owner: string | null, mayHaveOwner: boolean): Definition['kind'] {
  if (kind === 'function' && owner !== null) return 'method'
  return (kind === 'method' && owner === null && mayHaveOwner ? 'function' : kind) as Definition['kind']
}

/** C++'s 'Foo<T>::Bar::baz' and Ruby's 'A::B' in their parts, without type arguments. */
function splitPath(name: string): string[] {
  if (!/::|</.test(name) || /^['"`]/.test(name)) return [name]
  const operator = name.search(/\boperator\b/)
  const path = operator < 0 ? name : name.slice(0, operator)
  const parts = withoutArguments(path).split('::')
  if (operator >= 0) parts.push(`${parts.pop()}${name.slice(operator)}`)
  const named = parts.filter(Boolean)
  return named.length > 0 ? named : [name]
}

function withoutArguments(path: string): string {
  let bare = path
  for (let last = ''; last !== bare && bare.length < 1000; ) {
    last = bare
    bare = bare.replace(/(?<=[\w>])<[^<>]*>/g, '')
  }
  return bare
}

function plainName(name: string): string {
  const unquoted = /^(['"`])([^]*)\1$/.exec(name)?.[2]?.replace(/\\(['"`\\])/g, '$1') ?? name
  // C++'s conversions are written as what they are called with: `operator bool() const`
  const bare = /^operator\s+[\w:<>*& ]+(?=\()/.exec(unquoted)?.[0] ?? unquoted
  return bare.replace(/\s+/g, ' ').trim().slice(0, NAME_LENGTH) || 'default'
}

/** 'Foo::Bar' is 'Foo.Bar'; what stands for the file or the object itself is no owner. */
function plainOwner(owner: string): string | null {
  const plain = owner
    .replace(/\.prototype$/, '')
    .replaceAll('::', '.')
    .slice(0, NAME_LENGTH)
  return /^(this|exports|module\.exports)$|[^\p{L}\p{N}_$.~]|^$/u.test(plain) ? null : plain
}

/** Moves the start of a definition before the decorators, attributes and keywords that stand before it, comments between or not. */
function takeIn(prefixes: readonly Span[], definitions: readonly Definition[], comments: ReadonlyMap<number, Span>, text: string): void {
  if (prefixes.length === 0) return
  const starts = new Map<number, number>()
  for (const prefix of prefixes) {
    let next = afterSpace(text, prefix.to)
    for (let comment = comments.get(next); comment; comment = comments.get(next)) next = afterSpace(text, comment.to)
    starts.set(next, prefix.from)
  }
  for (const one of definitions) {
    for (let start = starts.get(one.from); start !== undefined && start < one.from; start = starts.get(one.from)) one.from = start
  }
}

function afterSpace(text: string, at: number): number {
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  return at
}
