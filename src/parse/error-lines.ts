import type Parser from 'tree-sitter'
import type { Lines } from '../types.ts'

const MOST = 50 // beyond that the file is not of this language, and a longer list tells nobody more

/**
 * Places where the tree has an error or a missing token, in reading order. Visits only branches that hold one.
 * No recursion: 20,000 open brackets nest as deep.
 */
export function errorLines(root: Parser.SyntaxNode): readonly Lines[] {
  const found: Lines[] = []
  const waiting = root.hasError || root.type === 'ERROR' ? [root] : []
  while (waiting.length > 0 && found.length < MOST) {
    const node = waiting.pop()!
    if (node.type === 'ERROR' || node.isMissing) {
      found.push({ first: node.startPosition.row + 1, last: node.endPosition.row + 1 })
    } else waiting.push(...node.children.filter((child) => child.hasError || child.isMissing).reverse())
  }
  return found
}
