import type { Place } from './find-text.ts'

/**
 * Extends a place that will be deleted to whole lines if they contain nothing else, so that no empty line is left. Of the surrounding blank
 * lines, as many stay as the larger side had; none at the start or end of the text.
 */
export function withEmptiedLines(text: string, place: Place): Place {
  if (place.replacement !== '' || text.slice(place.start, place.end).trim() === '') return place
  const start = text.lastIndexOf('\n', place.start - 1) + 1
  const feed = text.indexOf('\n', place.end)
  const end = feed < 0 ? text.length : feed + 1
  const isWhole = /^\s*$/.test(text.slice(start, place.start)) && /^\s*$/.test(text.slice(place.end, end))
  if (!isWhole || text[place.end - 1] === '\n') return place
  const above = blankAbove(text, start)
  const below = /^(?:[ \t]*\r?\n)*/.exec(text.slice(end))![0]
  if (start === above.length) return { ...place, start: 0, end: end + below.length }
  if (end + below.length === text.length)
    return { ...place, start: endOf(text, start - above.length, feed), end: text.length }
  return { ...place, start, end: end + shorter(above, below).length }
}

/** The blank lines right above the line that begins at `start`. */
function blankAbove(text: string, start: number): string {
  let from = start
  while (from > 0) {
    const line = from < 2 ? 0 : text.lastIndexOf('\n', from - 2) + 1
    if (text.slice(line, from).trim() !== '') break
    from = line
  }
  return text.slice(from, start)
}

/** Where a text ends after losing its last lines: with a line break if it had one. */
function endOf(text: string, start: number, feed: number): number {
  if (feed >= 0) return start
  return text[start - 2] === '\r' ? start - 2 : start - 1
}

/** The blank lines of the smaller side; the same number is deleted below. */
function shorter(above: string, below: string): string {
  const count = (blank: string) => blank.split('\n').length - 1
  const lines = below.split('\n').map((line) => `${line}\n`)
  return lines.slice(0, Math.min(count(above), count(below))).join('')
}
