import type { ParsedSource } from '../types.ts'
import type { ContentReason } from './read-source.ts'

/** One content to read and parse. `key` comes back with the result. */
export interface ParseJob {
  readonly key: number
  /** Absolute path. */
  readonly path: string
  /** null: searchable text only; a '#!' line may still decide. */
  readonly language: string | null
  /** git's id of the content, as far as the caller knows. */
  readonly blob: string
}

export interface ParseResult {
  readonly key: number
  /** git's id of the bytes that were read ('' when none were): another than the job's own when the file changed meanwhile, or when git filters its content. */
  readonly blob: string
  readonly bytes: number
  readonly lines: number
  /** Why nothing else is known of the content; null when it was read. */
  readonly reason: ContentReason | 'parser gave up' | null
  readonly parsed: ParsedSource | null
  /** What the parser threw; the content is then searchable as text only. */
  readonly problem: string | null
  /** The terms of src/parse/text-fields.ts as JSON; null when left out. */
  readonly terms: string | null
}

export interface WorkerSettings {
  readonly maxBytes: number
}
