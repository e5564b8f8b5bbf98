export type LineEnding = '\n' | '\r\n'

/** Offsets of a line: [start, end) without its line ending; the next line begins at `next`. */
export interface TextLine {
  readonly start: number
  readonly end: number
  readonly next: number
}

/** Lines as an editor numbers them (position 0 is line 1). A final line ending starts no further line; '' has none. */
export function linesOf(text: string): readonly TextLine[] {
  const lines: TextLine[] = []
  for (let start = 0; start < text.length; ) {
    const at = text.indexOf('\n', start)
    const next = at < 0 ? text.length : at + 1
    const bare = at < 0 ? text.length : at
    lines.push({ start, end: at > start && text[at - 1] === '\r' ? bare - 1 : bare, next })
    start = next
  }
  return lines
}

/** 1-based number of the line that holds the offset. */
export function lineNumberAt(text: string, offset: number): number {
  let number = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) number++
  return number
}

/** The first line ending from `start` on, else the last one of the text. */
export function lineEndingAt(text: string, start: number): LineEnding {
  return lineEndingsOf(text)(start)
}

/** As lineEndingAt, for many places: the line ending found for one place is kept for later places on its line. */
export function lineEndingsOf(text: string): (start: number) => LineEnding {
  let from = 0
  let to = -1
  let ending: LineEnding = '\n'
  return (start) => {
    if (start >= from && start <= to) return ending
    const after = text.indexOf('\n', start)
    const at = after >= 0 ? after : text.lastIndexOf('\n')
    from = start
    to = after >= 0 ? after : text.length
    ending = at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n'
    return ending
  }
}

export function withLineEnding(text: string, ending: LineEnding): string {
  return text.replace(/\r?\n/g, ending)
}

/** At most 1,000 characters; the rest counts as text. An edit could put a longer one before each of very many lines. */
export function indentOf(line: string): string {
  return /^[ \t]{0,1000}/.exec(line)![0]
}

/** Changes a line's indentation as if its neighbour moved from `from` to `to`. Blank lines stay. */
export function reindent(line: string, from: string, to: string): string {
  if (line.trim() === '' || from === to) return line
  if (line.startsWith(from)) return to + line.slice(from.length)
  // Further left than the neighbour: moved as far as possible in the same direction.
  if (to.startsWith(from)) return to.slice(from.length) + line
  if (from.startsWith(to)) return line.slice(Math.min(indentOf(line).length, from.length - to.length))
  return line
}
