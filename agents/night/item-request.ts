import type { BacklogItem } from '../../src/store/backlog.ts'

/** The text that an agent is given for an item: the request, and what the user answered to its questions. */
export function itemRequest({ request, answers }: Pick<BacklogItem, 'request' | 'answers'>): string {
  return [request, ...answers].join('\n\n')
}
