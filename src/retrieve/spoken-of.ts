import { isInPairs } from '../request/words.ts'
import type { Question } from './signal.ts'

/**
 * Probability that a request is meant for this repository although few of its words occur here. This is so for seven in
 * ten requests for other repositories, and for one or two in a hundred real ones (docs/tried.md#what-is-set-by-hand).
 * The prior is that one request in twenty is meant for another repository.
 */
export const MEANT_ANYWAY = 0.3

/** Whether files hold half of the words of the title, or half of the words of the whole request. Each word counts once. Pure. */
export function isSpokenOf({ request, rarity }: Pick<Question, 'request' | 'rarity'>): boolean {
  const isMostlyKnown = (terms: readonly string[]) =>
    2 * terms.filter((term) => rarity.has(term)).length >= terms.length
  return isMostlyKnown(request.title) || isMostlyKnown([...new Set(request.terms)])
}

/** Words of the title that no file holds, as written. Chinese, Japanese and Korean give none: their terms are pairs of characters. */
export function unknownWords({ request, rarity }: Pick<Question, 'request' | 'rarity'>): string[] {
  const { title, spelled, pieces } = request
  const unknown = title.filter((term) => !rarity.has(term) && !pieces.has(term) && !isInPairs(term))
  return [...new Set(unknown.map((term) => spelled.get(term) ?? term))]
}
