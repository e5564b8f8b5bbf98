import { appendFileSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder, openPrivate } from '../files/private-files.ts'
import { cleanValue } from '../secrets/without-secrets.ts'
import { printableJson } from '../text/printable.ts'

/** Log of an agent's run: one JSON object per line, without secrets, readable only by its owner. */
export interface Transcript {
  /** Absolute path. */
  readonly path: string
  note(event: string, data: object): void
}

/** Starts a transcript in `folder`. Its name is made from `at` (milliseconds since 1970). note() returns after the line is on disk. */
export function openTranscript(folder: string, at: number): Transcript {
  makePrivateFolder(folder, true)
  const path = join(folder, `${new Date(at).toISOString().replace(/[:.]/g, '-')}-${process.pid}.jsonl`)
  closeSync(openPrivate(path, 'append'))
  return {
    path,
    note: (event, data) =>
      appendFileSync(path, `${printableJson(cleanValue({ at: new Date().toISOString(), event, ...data }))}\n`),
  }
}
