import type { Lines, RepoPath, SymbolKind } from '../../types.ts'

/** What may answer a question: a definition, a section of a document, a block of a file of another kind. */
export interface Passage {
  readonly path: RepoPath
  /** 'Cart.total', or a heading, or the first line of a block. */
  readonly name: string
  readonly kind: SymbolKind | 'section'
  readonly lines: Lines
  /** Declaration on one line; '' for a section. */
  readonly signature: string
  /** What its author says of it, above it. */
  readonly doc: string
}

/** A file with what it holds. */
export interface FileOfPassages {
  readonly path: RepoPath
  readonly lines: readonly string[]
  readonly passages: readonly Passage[]
  /** Terms of what a summary says of it; '' without one. */
  readonly summary: string
}

/** Whether other passages may lie in it that stand for themselves: of a class its methods, of a section its subsections. */
export function isContainer({ kind }: Passage): boolean {
  return kind === 'class' || kind === 'type' || kind === 'section'
}

/** Passages that lie in another one, without those of one line: what is shown of it may leave them out. all: in reading order. */
export function partsOf(passage: Passage, all: readonly Passage[]): readonly Passage[] {
  const { first, last } = passage.lines
  const parts: Passage[] = []
  if (!isContainer(passage)) return parts
  const own = all.findIndex(({ lines, name }) => lines.first === first && name === passage.name)
  for (let i = own + 1; i < all.length && all[i]!.lines.first <= last; i++) {
    const { lines } = all[i]!
    if (lines.first >= first && lines.last <= last && lines.last > lines.first) parts.push(all[i]!)
  }
  return parts
}
