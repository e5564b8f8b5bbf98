import type { EditPlace } from '../../src/edit/edit-tools.ts'
import { placesNamed } from '../../src/edit/place-named.ts'
import type { Lines } from '../../src/types.ts'

const UNDERLINE = /^([=\-~^"'`#*+.:_])\1{2,}\s*$/

export interface Section {
  /** As written: '## Cache keys'. */
  readonly heading: string
  /** From the heading to the line before the next heading of the same or a higher level. */
  readonly lines: Lines
}

/**
 * Sections of a page of prose, in order. A heading is marked with # or underlined, as in reStructuredText. Fenced code has none.
 * Linear.
 */
export function sections(lines: readonly string[]): Section[] {
  let fence = '' // the marks that opened fenced code; only as many of them, or more, close it
  const underlines: string[] = [] // each new one is one level deeper
  const starts = lines.flatMap((line, at) => {
    const [, marks = '', more = ''] = /^\s*(`{3,}|~{3,})([^\n]*)$/.exec(line) ?? []
    if (fence === '')
      fence = marks.startsWith('`') && more.includes('`') ? '' : marks // ```like this``` is code in a line
    else if (marks.startsWith(fence) && more.trim() === '') fence = ''
    if (fence !== '') return []
    const marked = /^(?:#{1,6}(?= )|={2,5}(?= \S))/.exec(line)?.[0].length // '==' in AsciiDoc
    if (marked) return [{ at, from: at, depth: marked }]
    const under = UNDERLINE.exec(lines[at + 1] ?? '')
    if (!under || line.trim() === '' || /^\s/.test(line) || line.length > under[0].length) return []
    const isOverlined = at > 0 && lines[at - 1]!.trimEnd() === lines[at + 1]!.trimEnd()
    const kind = `${isOverlined}${under[1]}`
    if (!underlines.includes(kind)) underlines.push(kind)
    return [{ at, from: isOverlined ? at - 1 : at, depth: underlines.indexOf(kind) + 1 }]
  })
  return starts.map(({ at, from, depth }, i) => {
    let next = i + 1
    while (next < starts.length && starts[next]!.depth > depth) next++
    return { heading: lines[at]!, lines: { first: from + 1, last: starts[next]?.from ?? lines.length } }
  })
}

/** Sections as symbols that an edit can name, without blank lines at their ends. */
export function addressable(page: readonly string[]): EditPlace[] {
  return sections(page).map(({ heading, lines: { first, last } }) => {
    let end = last
    while (end > 0 && page[end - 1]!.trim() === '') end--
    return { qualified: heading.trim(), lines: { first, last: end }, isSection: true }
  })
}

/** The section with a name: '## Cache keys', 'Cache keys', or the start of one, with or without '…'. */
export function sectionNamed(lines: readonly string[], name: string): Section | null {
  const bare = (text: string) => text.replace(/^#+ */, '').replaceAll('`', '').trim().toLowerCase()
  const wanted = bare(name).replace(/…$/, '')
  const all = sections(lines).map((section) => ({ ...section, qualified: section.heading.trim() }))
  return (
    placesNamed(name, all)[0] ??
    all.find(({ heading }) => bare(heading) === wanted) ??
    all.find(({ heading }) => bare(heading).startsWith(wanted)) ??
    null
  )
}
