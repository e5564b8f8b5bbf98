import { appendFileSync, closeSync, mkdtempSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isFull } from '../errors.ts'
import { makePrivateFolder, openPrivate } from '../files/private-files.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { cleanValue } from '../secrets/without-secrets.ts'
import { printableJson } from '../text/printable.ts'

/** Log of an agent's run: one JSON object per line, without secrets, readable only by its owner. */
export interface Transcript {
  /** Absolute path of the newest part. */
  readonly path: string
  note(event: string, data: object): void
}

/**
 * Starts a transcript in `folder`. Its name is made from `at` (milliseconds since 1970). note() returns after the line is on disk. If there is
 * no room for it, the transcript goes on in a new temporary folder: it holds what was paid for.
 */
export function openTranscript(folder: string, at: number): Transcript {
  makePrivateFolder(folder, true)
  let path = join(folder, `${new Date(at).toISOString().replace(/[:.]/g, '-')}-${process.pid}.jsonl`)
  closeSync(openPrivate(path, 'append'))
  return {
    get path() {
      return path
    },
    note(event, data) {
      const line = `${printableJson(cleanValue({ at: new Date().toISOString(), event, ...data }))}\n`
      try {
        appendFileSync(path, line)
      } catch (error) {
        if (!isFull(error)) throw error
        path = join(mkdtempSync(join(temporaryFolder(), 'repose-transcript-')), basename(path))
        closeSync(openPrivate(path, 'append'))
        appendFileSync(path, line)
      }
    },
  }
}
