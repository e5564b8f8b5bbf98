import type { RequestTerms } from './request-terms.ts'
import type { Question } from './signal.ts'

/**
 * Added to the log odds of every file when the repository does not speak of the request, so that what was told .6 is told .23: of requests that
 * nobody would make here most are so, of those that were made one or two in a hundred (docs/tried.md#what-is-set-by-hand).
 */
export const ELSEWHERE = Math.log(0.2)

/** Whether files hold half of the words of the title, or of the whole request, each word counted once. Pure. */
export function isSpokenOf({ request, rarity }: Pick<Question, 'request' | 'rarity'>): boolean {
  const isMostlyKnown = (terms: readonly string[]) =>
    2 * terms.filter((term) => rarity.has(term)).length >= terms.length
  return isMostlyKnown(request.title) || isMostlyKnown([...new Set(request.terms)])
}

/** Words of the title that no file holds, as they are written. */
export function unknownWords({ title, spelled }: RequestTerms, rarity: Question['rarity']): string[] {
  return [...new Set(title.filter((term) => !rarity.has(term)).map((term) => spelled.get(term) ?? term))]
}
