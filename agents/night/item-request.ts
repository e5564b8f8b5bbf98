import { shownText } from '../../src/ci/shown-text.ts'
import type { BacklogItem } from '../../src/store/backlog.ts'

/** The text that an agent is given for an item: the request, and what the user answered to its questions. */
export function itemRequest({ request, answers }: Pick<BacklogItem, 'request' | 'answers'>): string {
  return [request, ...answers].join('\n\n')
}

/**
 * The user's own words for an item: only these allow protected paths by naming them. Of an imported item they are the answers: an issue may
 * hold words that its page does not show, and a person who approves it reads the request, not a list of paths. An answer that quotes the title
 * of another item (notSame) counts as nobody's.
 */
export function ownWords({ source, request, answers }: Pick<BacklogItem, 'source' | 'request' | 'answers'>): string {
  const own = answers.filter((answer) => !answer.startsWith(NOT_SAME))
  return [...(source === 'hand' ? [seenWords(request)] : []), ...own].join('\n\n')
}

/** Begins an answer that says which other item is not meant. */
export const NOT_SAME = 'Not the same as '

const MOST_SEEN = 20_000 // characters

/** A request as a page would show it: it may have been piped from an issue, whose comments nobody sees. */
export function seenWords(request: string): string {
  return shownText(request.slice(0, MOST_SEEN))
}
