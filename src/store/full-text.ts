import { isStopWord, termsOf } from '../request/words.ts'

/** The terms of a text for the full-text tables, separated by spaces, without stop words. */
export function searchable(text: string): string {
  return termsOf(text)
    .filter((term) => !isStopWord(term))
    .join(' ')
}

/** Terms grouped by number of uses (TextFields), as a text for FTS5: each term is repeated as often as it is used. */
export function repeated(byUses: readonly string[] = []): string {
  return byUses.map((terms, i) => `${terms} `.repeat(i + 1)).join('')
}

/** A term, quoted for FTS5. */
export function quoteTerm(term: string): string {
  return `"${term.replaceAll('"', '')}"`
}

/** A query for rows that hold any of the terms; a repeated term counts again. */
export function anyOf(terms: readonly string[]): string {
  return terms.map(quoteTerm).join(' OR ')
}
