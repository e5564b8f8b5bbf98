import type { BacklogItem } from '../../src/store/backlog.ts'

/** The text that an agent is given for an item: the request, and what the user answered to its questions. */
export function itemRequest({ request, answers }: Pick<BacklogItem, 'request' | 'answers'>): string {
  return [request, ...answers].join('\n\n')
}

/**
 * The user's own words for an item: only these allow protected paths by naming them. Of an imported item they are the answers: an issue may
 * hold words that its page does not show, and a person who approves it reads the request, not a list of paths.
 */
export function ownWords({ source, request, answers }: Pick<BacklogItem, 'source' | 'request' | 'answers'>): string {
  return [...(source === 'hand' ? [request] : []), ...answers].join('\n\n')
}
