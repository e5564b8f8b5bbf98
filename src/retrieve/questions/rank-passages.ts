import { isSource, kindOfPath } from '../../paths.ts'
import { termFinder } from '../../request/words.ts'
import type { AskedQuestion, Concept } from './asked-question.ts'
import { type FileOfPassages, type Passage, partsOf } from './passage.ts'

export interface RankedPassage extends Passage {
  readonly score: number
  /** Its lines that match the question, the best first. Computed on demand. */
  readonly telling: () => readonly number[]
}

// Weight of a word by its place. Set by hand: half or twice of each changed at most one of thirty answers
// (bench/ask.ts, repositories for tuning).
const IN_NAME = 5
const IN_OWNER = 1.5 // the class that holds it
const IN_PATH = 1.5
const IN_DECLARATION = 1.5 // and in the author's comment above it
const IN_SUMMARY = 1 // of its file
const SATURATION = 1.2 // BM25's k1 (Robertson & Zaragoza 2009)
const MOST = 4 // occurrences of a word that count in one place
const BY_LENGTH = 0.5 // BM25's b; only the body is normalised by length
const USUAL_LINES = 25
const MOST_OWN = 1_000_000 // lines of all passages of a file, added up; thousands of passages may share one declaration
const KINDS = { function: 1, method: 1, class: 0.8, type: 0.7, value: 0.6, test: 1, section: 0.8 } as const
const OTHER = 0.6 // neither source nor document
const OF_NEWS = 0.3 // a changelog names every feature in the words of that feature
const NEWS = /(^|\/)(changelogs?|changes|history|news|releases?|release[-_]notes)(\/|[^/]*\.\w+$|$)/i

/**
 * Passages that match a question, best first; scores above 0. BM25 with fields (Robertson, Zaragoza & Taylor 2004):
 * each definition or section is a document. Its fields are its name, its owner, its path, its declaration and comment,
 * its lines, and the summary of its file. Tests count only if the question asks for tests. Each line is read
 * once, and counted for each passage around it, up to MOST_OWN in all.
 */
export function rankPassages(files: readonly FileOfPassages[], question: AskedQuestion): RankedPassage[] {
  const { concepts, isAboutTests } = question
  const tally = tallyOf(concepts)
  const ranked: RankedPassage[] = []
  for (const { path, lines, passages, summary } of files) {
    if (kindOfPath(path) === 'test' && !isAboutTests) continue
    const inLines = lines.map(tally)
    const ofFile = [
      { worth: IN_PATH, counts: [tally(path)] },
      { worth: IN_SUMMARY, counts: [tally(summary)] },
    ]
    let left = MOST_OWN
    for (const passage of passages) {
      if (isOfTests(passage) && !isAboutTests) continue
      const { name, signature, doc } = passage
      const owner = name.lastIndexOf('.') + 1
      const own = left > 0 ? ownLines(passage, passages) : []
      left -= own.length
      const length = 1 - BY_LENGTH + (BY_LENGTH * own.length) / USUAL_LINES
      const places = [
        ...ofFile,
        { worth: IN_NAME, counts: [tally(name.slice(owner))] },
        { worth: IN_OWNER, counts: [tally(name.slice(0, owner))] },
        { worth: IN_DECLARATION, counts: [tally(`${signature}\n${doc}`)] },
        { worth: 1 / length, counts: own.map((line) => inLines[line - 1] ?? null) },
      ]
      const score = scoreOf(concepts, places) * priorOf(passage)
      const telling = () => tellingOf(own, inLines, concepts)
      if (score > 0) ranked.push({ ...passage, score, telling })
    }
  }
  return ranked.sort(
    (a, b) => b.score - a.score || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.lines.first - b.lines.first),
  )
}

/** How often a text names each concept; null: it names none. */
type Counts = Float64Array | null
type Place = { readonly worth: number; readonly counts: readonly Counts[] }

function tallyOf(concepts: readonly Concept[]): (text: string) => Counts {
  const byTerm = new Map<string, { readonly concept: number; readonly weight: number }[]>()
  for (const [concept, { terms }] of concepts.entries())
    for (const [term, weight] of terms) byTerm.set(term, [...(byTerm.get(term) ?? []), { concept, weight }])
  const find = termFinder(byTerm)
  return (text) => {
    const found = find(text)
    if (found.length === 0) return null
    const counts = new Float64Array(concepts.length)
    for (const term of found) for (const { concept, weight } of byTerm.get(term)!) counts[concept]! += weight
    return counts
  }
}

/** 0 if only words match that occur everywhere, and the question has others. */
function scoreOf(concepts: readonly Concept[], places: readonly Place[]): number {
  const held = new Float64Array(concepts.length)
  for (const { worth, counts } of places)
    for (let concept = 0; concept < concepts.length; concept++) {
      let times = 0
      for (const count of counts) times += count?.[concept] ?? 0
      held[concept]! += worth * Math.min(MOST, times)
    }
  const isTelling = concepts.some((one, i) => one.isTelling && held[i]! > 0) || !concepts.some((one) => one.isTelling)
  if (!isTelling) return 0
  return concepts.reduce((sum, { worth }, i) => sum + (worth * held[i]!) / (held[i]! + SATURATION), 0)
}

function tellingOf(
  own: readonly number[],
  inLines: readonly Counts[],
  concepts: readonly Concept[],
): readonly number[] {
  const worthOf = (line: number) =>
    concepts.reduce((sum, { worth }, i) => sum + (inLines[line - 1]?.[i] ? worth : 0), 0)
  return own
    .map((line) => ({ line, worth: worthOf(line) }))
    .filter(({ worth }) => worth > 0)
    .sort((a, b) => b.worth - a.worth || a.line - b.line)
    .map(({ line }) => line)
}

function isOfTests({ kind, name }: Passage): boolean {
  return kind === 'test' || /^tests?\./.test(name) // Rust's 'mod tests'
}

function priorOf({ path, kind, lines }: Passage): number {
  if (NEWS.test(path)) return OF_NEWS
  const isTable = kind === 'value' && lines.last > lines.first // a registry answers as well as a function
  return (isTable ? 1 : KINDS[kind]) * (isSource(path) || kind === 'section' ? 1 : OTHER)
}

/** Lines of a passage outside of its parts. */
function ownLines(passage: Passage, all: readonly Passage[]): number[] {
  const parts = partsOf(passage, all)
  const lines: number[] = []
  let next = 0 // index of a part; parts are in reading order
  for (let line = passage.lines.first; line <= passage.lines.last; line++) {
    while (parts[next] && parts[next]!.lines.last < line) next++
    if (!parts[next] || line < parts[next]!.lines.first) lines.push(line)
  }
  return lines
}
