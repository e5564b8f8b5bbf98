import { appendFileSync, closeSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateFolder, openPrivate } from '../files/private-files.ts'
import { printable } from '../text/printable.ts'

export interface Log {
  /** Writes one line, preceded by the time. Never throws. */
  write(line: string): void
}

const KEPT = 3 // old files

/** The daemon's log, beside the database and outside the watched files. */
export function logPath(db: string): string {
  return `${db}.watch.log`
}

/**
 * A log file that is rotated at `maxBytes` (to .1, .2, .3; older ones are deleted). On a full disk, lines are lost but the daemon
 * survives. The number of lost lines is logged with the next line that can be written. `echo` gets every line, and this number at once.
 */
export function openLog(
  path: string,
  options: { readonly maxBytes?: number; readonly clock?: () => number; readonly echo?: (line: string) => void } = {},
): Log {
  const { maxBytes = 1_000_000, clock = Date.now, echo = () => {} } = options
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  let lost = 0
  const append = (line: string) => {
    if (bytes > 0 && bytes + line.length > maxBytes) {
      rotate(path)
      bytes = 0
    }
    makePrivateFolder(dirname(path))
    const fd = openPrivate(path, 'append')
    try {
      appendFileSync(fd, line)
    } finally {
      closeSync(fd)
    }
    bytes += Buffer.byteLength(line)
  }
  return {
    write(text) {
      const line = `${stamp(clock())} ${printable(text).replaceAll('\n', ' ')}`
      echo(line)
      try {
        if (lost > 0) append(`${stamp(clock())} ${lost} lines could not be written before this one\n`)
        lost = 0
        append(`${line}\n`)
      } catch (error) {
        if (lost++ === 0) echo(`${stamp(clock())} the log cannot be written: ${(error as Error).message}`)
      }
    },
  }
}

/** Splits a line of the log: the time in ISO 8601 (null if the line has none), and the text. */
export function readLine(line: string): { readonly at: string | null; readonly text: string } {
  const [, day, time, text] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (.*)$/.exec(line) ?? []
  return day && time ? { at: new Date(`${day}T${time}`).toISOString(), text: text! } : { at: null, text: line }
}

function rotate(path: string): void {
  for (let number = KEPT; number >= 1; number--) {
    const from = number === 1 ? path : `${path}.${number - 1}`
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${path}.${number}`)
  }
}

/** Milliseconds since 1970 -> '2026-11-25 01:30:07', local time. */
function stamp(ms: number): string {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 19).replace('T', ' ')
}
