import { plainRequest } from '../../src/request/plain-request.ts'
import { clipTokens } from '../../src/summary/clip-tokens.ts'

const TITLE_TOKENS = 24

/** Requests of the backlog as a model is shown them: a line for each, with its number and title. */
export function listTitles(items: readonly { readonly id: number; readonly request: string }[]): string[] {
  return items.map(({ id, request }) => `${id}: ${clipTokens(plainRequest(request).title, TITLE_TOKENS)}`)
}
