import type Parser from 'tree-sitter'

// The part of tree-sitter that is used. Native and WebAssembly grammars share it.

export type SyntaxNode = Pick<
  Parser.SyntaxNode,
  'type' | 'startIndex' | 'endIndex' | 'startPosition' | 'endPosition' | 'hasError' | 'isMissing'
> & {
  readonly children: readonly SyntaxNode[]
  childForFieldName(name: string): SyntaxNode | null
}

export interface QueryMatch {
  /** Number of the pattern in the query. */
  readonly pattern: number
  readonly captures: readonly { readonly name: string; readonly node: SyntaxNode }[]
}

export interface Tree {
  readonly rootNode: SyntaxNode
  /** Frees the tree, after which its nodes are unusable. Trees of native grammars are collected as garbage. */
  delete?(): void
}

/** A text took the parser longer than it may. */
export class TooSlow extends Error {}

/** A parser and the compiled query of a language. */
export interface Grammar {
  /** Throws TooSlow after maxMs, if it is a native grammar. Default: no limit. */
  parse(code: string, maxMs?: number): Tree
  matches(root: SyntaxNode): readonly QueryMatch[]
}
