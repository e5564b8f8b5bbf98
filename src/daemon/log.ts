import { appendFileSync, closeSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateFolder, openPrivate } from '../files/private-files.ts'
import { printable } from '../text/printable.ts'

export interface Log {
  /** One line, with the time before it. Never throws. */
  write(line: string): void
}

const KEPT = 3 // old ones

/** The daemon's log, beside the database: outside of what is watched. */
export function logPath(db: string): string {
  return `${db}.watch.log`
}

/**
 * A log file that is put aside at `maxBytes` (as .1, .2, .3; older ones go). A full disk loses lines, not the daemon: how many is said
 * as soon as one can be written again, and at once to `echo`, which gets every line as well.
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

/** A line of the log, told apart: the time in ISO 8601, null where the line begins with none. */
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
