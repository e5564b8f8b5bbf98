import { createHash } from 'node:crypto'
import { UserError } from '../errors.ts'

const BEGIN = /^<!-- repose:begin ([0-9a-f]{16})\b[^\n]*-->$/
const BEGINS = /^<!-- repose:begin\b/
const END = '<!-- repose:end -->'
const NOTE = 'by `repose export agents-md`; edit outside'

/** A text between two lines of comments. The first holds a digest of the text, so that an edit by hand is seen. */
export function fenced(text: string): string {
  return `<!-- repose:begin ${digest(text)} ${NOTE} -->\n${text}\n${END}`
}

/**
 * A file with the text in its fence: the one that it has is replaced, or one is added at the end. Nothing outside of it changes; line ends
 * are those of the file. Throws UserError if the fence is broken, or if it was edited by hand and not `force`.
 */
export function withFence(file: string, text: string, name: string, force: boolean): string {
  const end = /\r\n/.test(file) ? '\r\n' : '\n'
  const lines = file.split('\n')
  const at = (is: (line: string) => boolean) =>
    lines.flatMap((line, i) => (is(line.replace(/\r$/, '').trimEnd()) ? [i] : []))
  const begins = at((line) => BEGINS.test(line))
  const ends = at((line) => line === END)
  const block = fenced(text).replaceAll('\n', end)
  if (begins.length === 0 && ends.length === 0) {
    const gap = file === '' ? '' : /\n\r?\n$/.test(file) ? '' : file.endsWith('\n') ? end : end + end
    return `${file}${gap}${block}${end}`
  }
  const [first, last] = [begins[0], ends[0]]
  if (begins.length !== 1 || ends.length !== 1 || first! > last!)
    throw new UserError(
      `${name} has a broken fence of repose: ${begins.length} lines begin one, ${ends.length} end one`,
      'leave one <!-- repose:begin ... --> and one <!-- repose:end --> after it, or none',
    )
  const inside = lines
    .slice(first! + 1, last!)
    .map((line) => line.replace(/\r$/, ''))
    .join('\n')
  const said = BEGIN.exec(lines[first!]!.replace(/\r$/, '').trimEnd())?.[1]
  if (!force && said !== digest(inside) && inside !== text)
    throw new UserError(
      `the block of repose in ${name} was edited by hand`,
      'move your lines out of the fence and run it again; --force overwrites them',
      { exitCode: 1 },
    )
  const before = lines
    .slice(0, first)
    .map((line) => `${line}\n`)
    .join('')
  const after = lines.slice(last! + 1)
  const tail = lines[last!]!.endsWith('\r') ? '\r' : ''
  return `${before}${block}${after.length > 0 ? `${tail}\n${after.join('\n')}` : ''}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
