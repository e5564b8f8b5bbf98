import type { SecretKeeper } from '../secrets/secret-keeper.ts'
import type { Lines, RepoPath } from '../types.ts'
import type { Permission } from './permission.ts'

/** A target that an edit may name: a definition, or a section of a page by its heading. */
export interface EditPlace {
  readonly qualified: string
  readonly lines: Lines
  readonly isSection?: true
}

/** The parser functions and permissions that editing needs. Texts have no byte order mark. */
export interface EditTools {
  /** Which protected paths may be changed. For a rename both paths are checked, for a path through a link also its target. */
  readonly permission: Permission
  symbolsOf(path: RepoPath, text: string): Promise<readonly EditPlace[]>
  syntaxErrors(path: RepoPath, text: string): Promise<readonly Lines[]>
  /** From the first to the last import near the top of a text; null: there is none. Absent: imports cannot be added. */
  importsOf?(path: RepoPath, text: string): Promise<Lines | null>
  /** The lines of a text as the sender of the edits may see them; messages quote only these. Absent: unchanged. */
  visible?(path: RepoPath, text: string): Promise<readonly string[]>
  /**
   * Finds the secrets of a file before its first edit, and is told where they are after the last. No edit finds, splits or copies one.
   * Absent: files have none.
   */
  readonly secrets?: Pick<SecretKeeper, 'secretsIn' | 'keep'>
  /** Larger files are not edited. Absent: there is no limit. */
  readonly maxFileBytes?: number
  /** Asked between edits: a batch of edits of long texts takes seconds. */
  readonly signal?: AbortSignal | undefined
  /** Why a path may not be edited now, as a message for the model; null: it may. For a rename both paths are checked. */
  allow?(path: RepoPath): string | null
}
