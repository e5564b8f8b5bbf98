import type { Lines, RepoPath, SymbolKind } from '../../types.ts'

/** A possible answer to a question: a definition, a section of a document, or a block of another file. */
export interface Passage {
  readonly path: RepoPath
  /** 'Cart.total', or a heading, or the first line of a block. */
  readonly name: string
  readonly kind: SymbolKind | 'section'
  readonly lines: Lines
  /** Declaration on one line; '' for a section. */
  readonly signature: string
  /** The author's comment above it. */
  readonly doc: string
}

/** A file with its lines and passages. */
export interface FileOfPassages {
  readonly path: RepoPath
  readonly lines: readonly string[]
  readonly passages: readonly Passage[]
  /** Terms of the file's summary; '' if it has none. */
  readonly summary: string
}

/** Whether a passage may contain others: a class its methods, a section its subsections. */
export function isContainer({ kind }: Passage): boolean {
  return kind === 'class' || kind === 'type' || kind === 'section'
}

/** Passages of two or more lines inside another one, which may be shown without them. all: in reading order. */
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
