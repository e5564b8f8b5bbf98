import { readFile } from 'node:fs/promises'
import { safePath } from '../../src/edit/safe-path.ts'

export const READ_LINES = 250
const WIDTH = 2000 // characters: a minified line would fill the context

/** Lines start..end of a file of the working tree `root`, numbered; a problem in words for the model. */
export async function readLines(root: string, path: string, start: unknown, end: unknown): Promise<string> {
  const place = await safePath(root, path)
  if ('problem' in place) return `error: ${place.problem}`
  if (!place.file) return `error: ${path} does not exist`
  const bytes = await readFile(place.absolute)
  if (bytes.includes(0)) return `error: ${path} is not text`
  const lines = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const first = Math.max(1, Math.floor(Number(start ?? 1)) || 1)
  const wanted = Math.floor(Number(end ?? Number.NaN)) || Number.POSITIVE_INFINITY
  const last = Math.min(wanted, first + READ_LINES - 1, lines.length)
  if (lines.length === 0) return '(an empty file)'
  if (last < first) return `error: ${path} has ${lines.length} lines`
  const shown = lines.slice(first - 1, last).map((line, i) => `${first + i}\t${line.slice(0, WIDTH)}`)
  return [...shown, ...(last < lines.length ? [`(${lines.length} lines in all)`] : [])].join('\n')
}
