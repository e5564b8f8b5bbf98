import { shownPath } from '../../paths.ts'
import { shorten } from '../../text/shorten.ts'
import type { RepoPath } from '../../types.ts'
import { firstSentence } from '../outline.ts'
import type { Use } from './find-uses.ts'
import { type FileOfPassages, isContainer, type Passage, partsOf } from './passage.ts'
import type { RankedPassage } from './rank-passages.ts'

export interface Passages {
  /** Best first. */
  readonly passages: readonly RankedPassage[]
  readonly files: ReadonlyMap<RepoPath, FileOfPassages>
  /** Where a name is used, if the question asks that. They come first, one line each. */
  readonly uses: readonly Use[]
}

export interface FilledAnswer {
  readonly text: string
  /** Passages that are shown, whole or in part, and then those that are listed. */
  readonly passages: readonly RankedPassage[]
}

const USES = 30
const FOR_USES = 0.6 // share of the budget; the rest shows who uses the name
const LISTED = 10 // passages that are listed by their declaration alone
const FOR_LIST = 0.15 // share of the budget
const WORTH_SHOWING = 0.5 // of the best score; 0.3 takes a tenth more tokens and shows no further answer
const AROUND = 2 // lines before and after a line that matches
const TELLING = 5 // matching lines of a passage that is too long to be shown whole
const LONG_CLASS = 40 // lines
const LONGEST = 400 // lines; more fill any budget
const LEAST = 6 // lines; no part is shown of a shorter passage
const DOC = 160 // characters
const TO_TELL_BY = 30 // characters; a comment is not repeated if the text holds its start

/**
 * The answer, within a token budget that is never exceeded. First come the uses of a name, if the question asks for
 * them. Then come the best passages, whole, or by their matching lines if they are too long. The next passages are
 * listed by their declaration.
 */
export function fillAnswer(
  { passages: ranked, files, uses }: Passages,
  budgetTokens: number,
  countTokens: (text: string) => number,
): FilledAnswer {
  const blocks: { readonly passage: RankedPassage; readonly text: string }[] = []
  const rest: RankedPassage[] = []
  const used = useLines(uses, FOR_USES * budgetTokens, countTokens)
  let room = budgetTokens * (1 - FOR_LIST) - countTokens(used.join('\n'))
  for (const passage of ranked) {
    const file = files.get(passage.path)
    if (!file || blocks.some((one) => isWithin(passage, one.passage))) continue
    if (passage.score < WORTH_SHOWING * ranked[0]!.score || rest.length >= LISTED) {
      if (rest.push(passage) >= LISTED) break
      continue
    }
    const text = [wholeOf(passage, file), partOf(passage, file)].find(
      (one) => one !== null && countTokens(`${one}\n\n`) <= room,
    )
    if (!text) {
      rest.push(passage)
      continue
    }
    room -= countTokens(`${text}\n\n`)
    blocks.push({ passage, text })
  }
  const listed = rest.filter((one) => !blocks.some(({ passage }) => isWithin(one, passage))).slice(0, LISTED)
  for (;;) {
    const parts = [used.join('\n'), ...blocks.map((one) => one.text), listed.map(listLine).join('\n')]
    const text = parts.filter(Boolean).join('\n\n')
    if (countTokens(text) <= budgetTokens)
      return { text, passages: [...blocks.map(({ passage }) => passage), ...listed] }
    if (listed.pop() ?? blocks.pop() ?? used.pop()) continue
    return { text: '', passages: [] }
  }
}

/** 'function parse(text: string): Tree  // What its author says.' */
export function saysOf({ signature, name, doc }: Passage): string {
  return `${shorten(signature || name, DOC)}${doc ? `  // ${firstSentence(doc, DOC)}` : ''}`
}

function listLine(passage: Passage): string {
  return `${placeOf(passage.path, passage.lines)}  ${saysOf(passage)}`
}

/** A line for each use, as many as fit, then the number of the others. */
function useLines(uses: readonly Use[], budgetTokens: number, countTokens: (text: string) => number): string[] {
  const lines = uses.slice(0, USES).map(useLine)
  for (;;) {
    const more = uses.length > lines.length ? [`… and ${uses.length - lines.length} more`] : []
    const all = [...lines, ...more]
    if (lines.length <= 1 || countTokens(all.join('\n')) <= budgetTokens) return all
    lines.pop()
  }
}

/** 'src/a.ts:12  Cart.total: return rounded(sum)' */
function useLine({ path, line, text, by }: Use): string {
  return `${shownPath(path)}:${line}  ${by ? `${by.name}: ` : ''}${shorten(text, DOC)}`
}

function placeOf(path: RepoPath, { first, last }: Passage['lines']): string {
  return `${shownPath(path)}:${first}${last > first ? `-${last}` : ''}`
}

/** All lines of a passage; of a class, only the first line of each method. null: too long. What a long class does is in its methods. */
function wholeOf(passage: Passage, file: FileOfPassages): string | null {
  const lines = linesShown(passage, file)
  return lines.length > (hasHoles(passage) ? LONG_CLASS : LONGEST) ? null : written(passage, file, lines)
}

/** The first lines of a passage, and its matching lines with their neighbours. null: it is too short for that, or no line matches. */
function partOf(passage: RankedPassage, file: FileOfPassages): string | null {
  const { first, last } = passage.lines
  const telling = passage.telling().slice(0, TELLING)
  if (last - first < LEAST || telling.length === 0) return null
  const near = new Set([first, first + 1, ...telling.flatMap((line) => range(line - AROUND, line + AROUND))])
  return written(
    passage,
    file,
    linesShown(passage, file).filter((line) => near.has(line)),
  )
}

function linesShown(passage: Passage, { passages }: FileOfPassages): number[] {
  const parts = hasHoles(passage) ? partsOf(passage, passages) : []
  let next = 0 // index of a part; parts are in reading order
  let hiddenTo = 0
  return range(passage.lines.first, passage.lines.last).filter((line) => {
    for (; next < parts.length && parts[next]!.lines.first < line; next++)
      hiddenTo = Math.max(hiddenTo, parts[next]!.lines.last)
    return line > hiddenTo
  })
}

/** A passage as text: its place, its name, its author's comment, and the lines of these numbers, with a mark where lines are left out. */
function written({ path, lines: at, name, doc, kind }: Passage, { lines }: FileOfPassages, numbers: number[]): string {
  const text = numbers
    .map((line, i) => {
      const gap = i > 0 && numbers[i - 1]! < line - 1 ? `… (line ${line})\n` : ''
      return `${gap}${lines[line - 1] ?? ''}`
    })
    .join('\n')
    .trimEnd()
  const said = doc === '' || text.includes(doc.slice(0, TO_TELL_BY)) ? '' : `  // ${firstSentence(doc, DOC)}`
  return `${placeOf(path, at)}${kind === 'section' ? '' : `  ${name}`}${said}\n${text}`
}

function isWithin(passage: Passage, other: Passage): boolean {
  const { first, last } = passage.lines
  return passage.path === other.path && first >= other.lines.first && last <= other.lines.last && !hasHoles(other)
}

/** Whether the passage is shown without the lines of its parts. */
function hasHoles(passage: Passage): boolean {
  return isContainer(passage) && passage.kind !== 'section'
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}
