import { termsOf } from './words.ts'

// Words that say that something is asked for, not what.
const ASKING = termsOf('add added allow support implement introduce enable provide make new feature')
const IN_TITLE = new Set([...ASKING, ...termsOf('more ability able')])
const IN_REQUEST = new Set([...ASKING, 'feat'])

/** True for terms that occur in titles of any kind: they identify no recipe. */
export function asksInTitle(term: string): boolean {
  return IN_TITLE.has(term)
}

/** True for terms that occur in requests of any kind: they are not searched for. */
export function asksInRequest(term: string): boolean {
  return IN_REQUEST.has(term)
}
