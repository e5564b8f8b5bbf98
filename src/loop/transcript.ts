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
 * no room for it, the transcript goes on in a new temporary folder: it holds what was paid for. isKept: as long as it returns false, there is
 * no file, and the lines wait.
 */
export function openTranscript(folder: string, at: number, isKept: () => boolean = () => true): Transcript {
  let path = join(folder, `${new Date(at).toISOString().replace(/[:.]/g, '-')}-${process.pid}.jsonl`)
  let isOpen = false
  let waiting = ''
  const open = () => {
    makePrivateFolder(folder, true)
    closeSync(openPrivate(path, 'append'))
    isOpen = true
  }
  if (isKept()) open()
  return {
    get path() {
      return path
    },
    note(event, data) {
      waiting += `${printableJson(cleanValue({ at: new Date().toISOString(), event, ...data }))}\n`
      if (!isKept()) return
      const lines = waiting
      waiting = ''
      try {
        if (!isOpen) open()
        appendFileSync(path, lines)
      } catch (error) {
        if (!isFull(error)) throw error
        path = join(mkdtempSync(join(temporaryFolder(), 'repose-transcript-')), basename(path))
        closeSync(openPrivate(path, 'append'))
        appendFileSync(path, lines)
      }
    },
  }
}
