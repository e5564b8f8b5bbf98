import type Parser from 'tree-sitter'
import type { Lines } from '../types.ts'

const MOST = 50 // beyond that the file is not of this language, and a longer list tells nobody more

/** Places where the tree has an error or a missing token, in reading order. Visits only branches that hold one. */
export function errorLines(root: Parser.SyntaxNode): readonly Lines[] {
  const found: Lines[] = []
  const visit = (node: Parser.SyntaxNode): void => {
    for (const child of node.children) {
      if (found.length >= MOST) return
      if (child.type === 'ERROR' || child.isMissing) {
        found.push({ first: child.startPosition.row + 1, last: child.endPosition.row + 1 })
      } else if (child.hasError) visit(child)
    }
  }
  if (root.type === 'ERROR') return [{ first: 1, last: root.endPosition.row + 1 }]
  if (root.hasError) visit(root)
  return found
}
