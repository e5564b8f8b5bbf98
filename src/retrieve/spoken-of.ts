import { isInPairs } from '../request/words.ts'
import type { Question } from './signal.ts'

/**
 * How likely a request is meant for this repository when that does not speak of it: of requests that nobody would make here seven in ten are so, of
 * those that were made one or two in a hundred (docs/tried.md#what-is-set-by-hand), if one in twenty is none for it.
 */
export const MEANT_ANYWAY = 0.3

/** Whether files hold half of the words of the title, or of the whole request, each word counted once. Pure. */
export function isSpokenOf({ request, rarity }: Pick<Question, 'request' | 'rarity'>): boolean {
  const isMostlyKnown = (terms: readonly string[]) =>
    2 * terms.filter((term) => rarity.has(term)).length >= terms.length
  return isMostlyKnown(request.title) || isMostlyKnown([...new Set(request.terms)])
}

/** Words of the title that no file holds, as they are written; none of Chinese, Japanese and Korean, whose terms are pairs of characters. */
export function unknownWords({ request, rarity }: Pick<Question, 'request' | 'rarity'>): string[] {
  const { title, spelled } = request
  const unknown = title.filter((term) => !rarity.has(term) && !isInPairs(term))
  return [...new Set(unknown.map((term) => spelled.get(term) ?? term))]
}
