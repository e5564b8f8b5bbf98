import type { SymbolKind } from '../types.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** A definition before its nesting is known. Offsets are UTF-16 units. */
export interface Definition {
  readonly name: string
  /** Names that qualify it: the receiver 'Server' of a Go method, 'Foo.Bar' of a C++ `Foo::Bar::baz`. */
  readonly owner: string | null
  /** 'impl' and 'module' are no symbols, but part of the qualified names inside them. 'none' is not even that: `x = require('y')`. */
  readonly kind: SymbolKind | 'impl' | 'module' | 'none'
  /** Dropped if the text also has a definition of the same name: C's prototypes. */
  readonly isDeclaration: boolean
  /** Start, including decorators, attributes and `export`. */
  readonly from: number
  /** Start of the declaration itself. */
  readonly head: number
  readonly to: number
  readonly nameAt: number
  readonly nameEnd: number
  readonly bodyAt: number | null
}

/** The parts of a definition in a query match. */
export interface DefinitionParts {
  /** 'symbol', 'declaration' or 'scope'. */
  readonly role: string
  readonly kind: string
  readonly node: SyntaxNode
  readonly name: SyntaxNode | undefined
  /** The name is written as A::B. */
  readonly isPath: boolean
  readonly owner: SyntaxNode | undefined
  readonly body: SyntaxNode | undefined
}

/** Builds a definition from the nodes of its match. A name has at most 100 characters and no quotes; 'default' if there is none. */
export function definitionOf(
  { role, kind, node, name, isPath, owner: ownerNode, body: bodyNode }: DefinitionParts,
  text: string,
): Definition {
  // Each property of a node is a call into C++, so each is read only once.
  const head = node.startIndex
  const mayHaveBody = bodyNode || (kind !== 'value' && kind !== 'test')
  const body = mayHaveBody ? ((bodyNode ?? node).childForFieldName('body') ?? bodyNode) : undefined
  const nameEnd = name ? name.endIndex : head
  const called = name ? text.slice(name.startIndex, nameEnd) : ''
  const nameAt = nameEnd - (kind === 'function' || kind === 'method' ? withoutReturnType(called) : called).length
  let to = node.endIndex
  while (to > head && text.charCodeAt(to - 1) <= 32) to-- // in C's grammar a #define includes its line break
  const written = text.slice(nameAt, nameEnd)
  const path = isPath ? splitPath(written) : [written]
  const owner = plainOwner(
    ownerNode ? text.slice(ownerNode.startIndex, ownerNode.endIndex) : path.slice(0, -1).join('.'),
  )
  return {
    name: plainName(path.at(-1)!),
    owner,
    kind: kindOf(kind, owner, ownerNode !== undefined),
    isDeclaration: role === 'declaration',
    from: head,
    head,
    to,
    nameAt,
    nameEnd,
    bodyAt: body ? body.startIndex : null,
  }
}

/** If a macro precedes the type, C++'s grammar takes 'size_t count' for the name in `STATIC size_t count()`. */
function withoutReturnType(name: string): string {
  if (name.length > LONGEST_NAME) return name
  return name.replace(/^(?:(?!operator\b)[A-Za-z_]\w*\s+)+(?=[\w:~]+$)/, '')
}

const NAME_LENGTH = 100
const LONGEST_NAME = 500 // as written, with types and line breaks; longer names are cut because some of these expressions take quadratic time

function kindOf(kind: string, owner: string | null, mayHaveOwner: boolean): Definition['kind'] {
  if (kind === 'function' && owner !== null) return 'method'
  return (kind === 'method' && owner === null && mayHaveOwner ? 'function' : kind) as Definition['kind']
}

/** Splits C++'s 'Foo<T>::Bar::baz' and Ruby's 'A::B' into parts, without type arguments. */
function splitPath(name: string): string[] {
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
  const unquoted = /^(['"`])([\s\S]*)\1$/.exec(name)?.[2]?.replace(/\\(['"`\\])/g, '$1') ?? name
  // the name of a C++ conversion operator includes its type: `operator bool() const`
  const bare = /^operator\s+[\w:<>*& ]+(?=\()/.exec(unquoted.slice(0, LONGEST_NAME))?.[0] ?? unquoted
  return bare.replace(/\s+/g, ' ').trim().slice(0, NAME_LENGTH) || 'default'
}

/** 'Foo::Bar' becomes 'Foo.Bar'. `this` and `exports` are no owners. */
function plainOwner(owner: string): string | null {
  const plain = owner
    .replace(/\.prototype$/, '')
    .replaceAll('::', '.')
    .slice(0, NAME_LENGTH)
  return /^(this|exports|module\.exports)$|[^\p{L}\p{N}_$.~]|^$/u.test(plain) ? null : plain
}
