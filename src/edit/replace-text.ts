import { shownPath } from '../paths.ts'
import type { Edit, Lines } from '../types.ts'
import { closestPlace } from './closest-place.ts'
import { cutProblem } from './cut-line.ts'
import type { EditTools } from './edit-tools.ts'
import { type EditedFile, setText } from './edited-file.ts'
import { withEmptiedLines } from './emptied-line.ts'
import { findCut } from './find-cut.ts'
import { findText, MOST_PLACES } from './find-text.ts'
import { placeNamed } from './place-named.ts'
import { lineNumberAt, linesOf } from './text-lines.ts'

type ReplaceEdit = Extract<Edit, { kind: 'replace' }>

const LINES_SHOWN = 10
const MOST_TEXT = 2_000_000 // characters of a file; each of several 'replace-all' in a row could make it a thousand times larger

/** Applies a replace edit to a file with that text. Returns null, or an error message for a model. */
export async function replaceText(
  file: EditedFile,
  text: string,
  edit: ReplaceEdit,
  tools: EditTools,
): Promise<string | null> {
  if (edit.find === '') return 'find is empty: give the text to replace, or use a create edit for a new file'
  if (edit.find === edit.replacement) return 'find and replacement are the same: nothing would change'
  const path = shownPath(file.path)
  const name = edit.within === undefined ? path : `${path}#${edit.within}`
  const all = linesOf(text)
  let lines: Lines = { first: 1, last: all.length }
  let [from, to] = [0, text.length]
  if (edit.within !== undefined) {
    const around = await placeNamed(file, text, edit.within, tools)
    if (typeof around === 'string') return around
    lines = around.lines
    from = all[lines.first - 1]!.start
    to = all[lines.last - 1]!.next
  }
  const part = text.slice(from, to)
  const found = placesOf(part, edit)
  if ('problem' in found) return found.problem
  const { places } = found
  const openedLine = (line: number) => file.seals.openedLine(text, line)
  const lineAt = (start: number) => openedLine(lineNumberAt(text, from + start))
  if (places.length === 0) {
    const visible = await tools.visible?.(file.path, text)
    const closest = closestPlace(visible?.slice(lines.first - 1, lines.last).join('\n') ?? part, edit.find)
    const above = lines.first - 1
    const hint = closest
      ? `; the closest place is ${nameLines({ first: openedLine(closest.lines.first + above), last: openedLine(closest.lines.last + above) })}:\n${closest.text}`
      : ', nor anything like it'
    return `find text does not occur in ${name}${hint}`
  }
  if (places.length > 1 && (!edit.every || places.length >= MOST_PLACES)) {
    const numbers = places.slice(0, LINES_SHOWN).map((one) => lineAt(one.start))
    const more = places.length > LINES_SHOWN ? ', ...' : ''
    return `find text occurs ${places.length} times in ${name} (lines ${numbers.join(', ')}${more}): add surrounding lines to make it unique, name the definition that holds it (path#Name), or replace all`
  }
  let length = text.length
  for (const place of places) {
    length += place.replacement.length
    if (length > MOST_TEXT) return `${path} would have more than ${MOST_TEXT / 1e6} million characters`
  }
  const pieces: string[] = [] // from the end
  let before = part.length
  const whole = places.length === 1 ? [withEmptiedLines(part, places[0]!)] : places
  for (const { start, end, replacement } of whole.toReversed()) {
    if (end > before) continue // overlaps the next place
    pieces.push(part.slice(end, before), replacement)
    before = start
  }
  pieces.push(part.slice(0, before))
  const result = text.slice(0, from) + pieces.reverse().join('') + text.slice(to)
  return result === text ? 'the replacement is what stands there already: nothing would change' : setText(file, result)
}

function placesOf(part: string, { find, replacement }: ReplaceEdit): ReturnType<typeof findCut> {
  const places = findText(part, find, replacement)
  if (places.length === 0) return findCut(part, find, replacement)
  const problem = cutProblem(replacement, part)
  return problem ? { problem } : { places }
}

function nameLines({ first, last }: Lines): string {
  return first === last ? `line ${first}` : `lines ${first}-${last}`
}
