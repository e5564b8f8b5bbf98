import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { printableJson } from '../printable.ts'

/** What an agent did, one JSON object a line, readable by its owner only. */
export interface Transcript {
  /** Absolute path. */
  readonly path: string
  note(event: string, data: object): void
}

/** Starts a transcript in `folder` under a name made of `at` (milliseconds since 1970). Each line is on disk when note() returns. */
export function openTranscript(folder: string, at: number): Transcript {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${new Date(at).toISOString().replace(/[:.]/g, '-')}-${process.pid}.jsonl`)
  closeSync(openSync(path, 'a', 0o600))
  return {
    path,
    note: (event, data) => appendFileSync(path, `${printableJson({ at: new Date().toISOString(), event, ...data })}\n`),
  }
}
