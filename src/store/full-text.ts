import { isStopWord, termsOf } from '../request/words.ts'

/** A text as the full-text tables hold it: its terms between spaces, without stop words. */
export function searchable(text: string): string {
  return termsOf(text)
    .filter((term) => !isStopWord(term))
    .join(' ')
}

/** Terms by their number of uses (TextFields) as FTS5 takes them: each as often as it is used. */
export function repeated(byUses: readonly string[] = []): string {
  return byUses.map((terms, i) => `${terms} `.repeat(i + 1)).join('')
}

/** A term as FTS5 takes it literally. */
export function quoteTerm(term: string): string {
  return `"${term.replaceAll('"', '')}"`
}

/** Rows that hold any of the terms; a term that is given twice counts twice. */
export function anyOf(terms: readonly string[]): string {
  return terms.map(quoteTerm).join(' OR ')
}
