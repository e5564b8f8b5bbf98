import type { Lines, RepoPath } from '../types.ts'
import type { Permission } from './permission.ts'

/** What an edit may name: a definition, or a section of a page by its heading. */
export interface EditPlace {
  readonly qualified: string
  readonly lines: Lines
  readonly isSection?: true
}

/** What editing needs from the parser, and from whoever decides what may be edited. Texts are without byte order mark. */
export interface EditTools {
  /** Which protected paths may be changed. Of a rename both paths are asked about, of a path behind a link also where it leads. */
  readonly permission: Permission
  symbolsOf(path: RepoPath, text: string): Promise<readonly EditPlace[]>
  syntaxErrors(path: RepoPath, text: string): Promise<readonly Lines[]>
  /** From the first to the last import near the top of a text; null: there is none. Absent: imports cannot be added. */
  importsOf?(path: RepoPath, text: string): Promise<Lines | null>
  /** A text by line as whoever sent the edits may see it: what is told of it is told in these. Absent: as it is. */
  visible?(path: RepoPath, text: string): Promise<readonly string[]>
  /** Larger files are not edited. Absent: there is no limit. */
  readonly maxFileBytes?: number
  /** Why a path may not be edited now, in words for the model; null: it may. Of a rename both paths are asked about. */
  allow?(path: RepoPath): string | null
}
