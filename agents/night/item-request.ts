import type { BacklogItem } from '../../src/store/backlog.ts'

/** The text that an agent is given for an item: the request, and what the user answered to its questions. */
export function itemRequest({ request, answers }: Pick<BacklogItem, 'request' | 'answers'>): string {
  return [request, ...answers].join('\n\n')
}

/**
 * The user's own words for an item: only these allow protected paths by naming them. Of an item that was imported, piped or forecast they are
 * the answers: a page may not show all words of an issue, and a person who approves it does not look for paths. Answers that begin with
 * NOT_SAME quote another item, so they do not count.
 */
export function ownWords({ source, request, answers }: Pick<BacklogItem, 'source' | 'request' | 'answers'>): string {
  const own = answers.filter((answer) => !answer.startsWith(NOT_SAME))
  return [...(source === 'hand' ? [request] : []), ...own].join('\n\n')
}

/** Begins an answer that says which other item is not meant. */
export const NOT_SAME = 'Not the same as '
