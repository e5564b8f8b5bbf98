import { appendFileSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder, openPrivate } from '../files/private-files.ts'
import { cleanValue } from '../secrets/without-secrets.ts'
import { printableJson } from '../text/printable.ts'

/** What an agent did, one JSON object a line, without secrets, readable by its owner only. */
export interface Transcript {
  /** Absolute path. */
  readonly path: string
  note(event: string, data: object): void
}

/** Starts a transcript in `folder` under a name made of `at` (milliseconds since 1970). Each line is on disk when note() returns. */
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
