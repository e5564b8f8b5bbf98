import { isStopWord, stem, termsOf } from '../words.ts'
import { isAsking } from './recipes-past.ts'

const HALF = 0.5
const THIRD = 0.3
const TOPICS = 3
const LONGEST = 70 // characters
const TYPE = /^(feat|feature|enh|enhancement|new|add)\b!?(?=\(|:)(:\s*)?/i
const SCOPE = /^\(([^)]*)\)!?:\s*/
const GAP = '...'
/**
 * A name in the subjects' own words: of the subject that holds most of the words which half of them share, these words, with
 * '...' for the rest: 'Add ... flag to gh ... command'. Where those say nothing but a scope, words of a third of them and an example.
 *
 * titles: newest first, at least one. word: a term that all hold, and that the name is to show.
 */
export function nameRecipe(titles: readonly string[], word: string | null = null): string {
  const name = nameByTitles(titles)
  if (word === null || termsOf(name).includes(word)) return name
  // all hold it, but as a part of longer names
  const spelled = titles
    .flatMap((title) => title.match(/[\p{L}\p{N}]+/gu) ?? [])
    .find((one) => termsOf(one).includes(word))
  return `${spelled ?? word}: ${name}`
}

function nameByTitles(titles: readonly string[]): string {
  const split = titles.map(wordsOf)
  const shared = sharedWords(split, HALF)
  const [best] = split
    .map((words, at) => ({ words, at, own: new Set(words.map(keyOf).filter((key) => shared.has(key))).size }))
    .sort((a, b) => b.own - a.own || a.words.length - b.words.length || a.at - b.at)
  const says = best!.words.some((word) => shared.has(keyOf(word)) && !word.endsWith(':') && !isStopWord(keyOf(word)))
  if (says && [...shared].some(isTelling)) return withGaps(best!.words, shared)
  const topics = [...sharedWords(split, THIRD)].filter(isTelling).slice(0, TOPICS)
  const spelled = topics.map((topic) => bare(split.flat().find((word) => keyOf(word) === topic)!))
  return `${spelled.length > 0 ? `${spelled.join(', ')}: ` : ''}like "${clip(titles[0]!.replace(TYPE, '').replace(SCOPE, ''))}"`
}

function wordsOf(title: string): string[] {
  return (
    title
      .replace(TYPE, '')
      .replace(SCOPE, '$1: ')
      .match(/[^\s`'"“”]+/g) ?? []
  )
}

function keyOf(word: string): string {
  return stem(bare(word).toLowerCase())
}

function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
}

function isTelling(key: string): boolean {
  return !isStopWord(key) && !isAsking(key) && key !== 'option'
}

/** Keys of the words that at least this share of the titles holds, the most frequent first. */
function sharedWords(split: readonly (readonly string[])[], least: number): Set<string> {
  const counts = new Map<string, number>()
  for (const words of split)
    for (const key of new Set(words.map(keyOf))) if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1)
  return new Set(
    [...counts]
      .filter(([, count]) => count > 1 && count >= least * split.length)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([key]) => key),
  )
}

/** The shared words, and one gap for each run of others. A function word between two gaps, or at an end, goes too. */
function withGaps(words: readonly string[], shared: ReadonlySet<string>): string {
  const parts = words.map((word) => (shared.has(keyOf(word)) ? word : GAP))
  const kept = parts.map((part, i) => {
    const isAlone = [parts[i - 1] ?? GAP, parts[i + 1] ?? GAP].every((beside) => beside === GAP)
    return part !== GAP && isAlone && isStopWord(keyOf(part)) ? GAP : part
  })
  const text = kept.filter((part, i) => part !== GAP || kept[i - 1] !== GAP)
  return clip(text.map((part) => (part === GAP ? part : withoutLooseMarks(part))).join(' '))
}

/** Brackets whose other half is in a gap, and marks that end a clause; a colon stays: it ends a scope. */
function withoutLooseMarks(word: string): string {
  const opened = word.includes(')') ? word : word.replace(/^[([{]+/, '')
  return (opened.includes('(') ? opened : opened.replace(/[)\]}]+$/, '')).replace(/[,;.]+$/, '')
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text
}
