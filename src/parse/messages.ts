import type { ParsedSource } from '../types.ts'
import type { ContentReason } from './read-source.ts'

/** A content to read and parse. `key` is returned with the result. */
export interface ParseJob {
  readonly key: number
  /** Absolute path. */
  readonly path: string
  /** null: searchable text only, unless a '#!' line names a language. */
  readonly language: string | null
  /** git's id of the content, as the caller knows it. */
  readonly blob: string
  /** Read whatever its text is: also if a tool wrote it, or if it is minified. */
  readonly isWanted?: true | undefined
  /** Parsed in place of the file; then only `parsed` and `problem` of the result have a meaning. */
  readonly text?: string
}

export interface ParseResult {
  readonly key: number
  /**
   * git's id of the bytes that were read ('' if none were). It differs from the job's id if the file changed meanwhile or git filters its
   * content.
   */
  readonly blob: string
  readonly bytes: number
  readonly lines: number
  /** Why the content was not parsed; null if it was read. */
  readonly reason: ContentReason | 'parser gave up' | null
  readonly parsed: ParsedSource | null
  /** The parser's error; the content is then only searchable as text. */
  readonly problem: string | null
  /** Whether the content was read whole and has no secret. */
  readonly isClean: boolean
  /** The terms of src/parse/text-fields.ts as JSON; null if not requested. */
  readonly terms: string | null
}

/** Fields of a ParseResult whose content was not read. */
export const NOTHING_READ = { parsed: null, problem: null, isClean: false, terms: null } as const

/** A message to a parser. */
export interface ParseBatch {
  readonly jobs: readonly ParseJob[]
  /** Larger files are left out. */
  readonly maxBytes: number
}
