import type { Lines } from '../types.ts'
import type { SyntaxNode } from './syntax-tree.ts'

const MOST = 50 // with more errors the file is in another language, and a longer list would not help

/**
 * Places where the tree has an error or a missing token, in reading order. Visits only branches that contain one. Not recursive: 20,000
 * open brackets nest as deep.
 */
export function errorLines(root: SyntaxNode): readonly Lines[] {
  const found: Lines[] = []
  const waiting = root.hasError || root.type === 'ERROR' ? [root] : []
  while (waiting.length > 0 && found.length < MOST) {
    const node = waiting.pop()!
    if (node.type === 'ERROR' || node.isMissing) {
      found.push({ first: node.startPosition.row + 1, last: node.endPosition.row + 1 })
    } else for (const child of [...node.children].reverse()) if (child.hasError || child.isMissing) waiting.push(child)
  }
  return found
}
