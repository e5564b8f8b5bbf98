import { readFile } from 'node:fs/promises'
import { DEFAULTS } from '../../src/config/defaults.ts'
import { safePath } from '../../src/edit/safe-path.ts'
import type { SecretKeeper } from '../../src/secrets/secret-keeper.ts'

export const READ_LINES = 250
const WIDTH = 2000 // characters: a minified line would fill the context

/** Lines start..end of a file of the working tree `root`, numbered, without secrets; or a problem in words for the model. */
export async function readLines(
  root: string,
  path: string,
  start: unknown,
  end: unknown,
  secrets: SecretKeeper,
  maxFileBytes?: number,
): Promise<string> {
  const all = await visibleLines(root, path, secrets, maxFileBytes)
  if ('problem' in all) return `error: ${all.problem}`
  const lines = all.lines.at(-1) === '' ? all.lines.slice(0, -1) : all.lines
  const first = Math.max(1, Math.floor(Number(start ?? 1)) || 1)
  const wanted = Math.floor(Number(end ?? Number.NaN)) || Number.POSITIVE_INFINITY
  const last = Math.min(wanted, first + READ_LINES - 1, lines.length)
  if (lines.length === 0) return '(an empty file)'
  if (last < first) return `error: ${path} has ${lines.length} lines`
  const shown = lines.slice(first - 1, last).map((line, i) => `${first + i}\t${line.slice(0, WIDTH)}`)
  return [...shown, ...(last < lines.length ? [`(${lines.length} lines in all)`] : [])].join('\n')
}

/** All lines of a text file, as a model may see them: without secrets. */
export async function visibleLines(
  root: string,
  path: string,
  secrets: SecretKeeper,
  maxFileBytes: number = DEFAULTS.maxFileBytes,
): Promise<{ readonly lines: readonly string[] } | { readonly problem: string }> {
  const place = await safePath(root, path)
  if ('problem' in place) return place
  if (!place.file) return { problem: `${path} does not exist` }
  if (place.file.bytes > maxFileBytes)
    return { problem: `${path} has ${place.file.bytes} bytes: a file of more than ${maxFileBytes} is not shown` }
  const bytes = await readFile(place.absolute)
  if (bytes.includes(0)) return { problem: `${path} is not text` }
  const text = await secrets.mask(place.path, bytes.toString('utf8').replace(/^\uFEFF/, ''))
  return { lines: text.split(/\r?\n/) }
}
