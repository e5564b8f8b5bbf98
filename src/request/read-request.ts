import { asksHowAdded, isQuestion } from './asks.ts'
import { LONGEST, plainRequest } from './plain-request.ts'
import { type AskedWords, readAsked } from './read-asked.ts'
import { type Reading, readsLike } from './reads-like.ts'
import { type RequestTerms, recipeTerms, requestTerms } from './request-terms.ts'

/** A request, read once. All code that needs more of it than its text takes it from here. */
export interface Request {
  /** As it was written, without secrets. */
  readonly text: string
  /** One line in plain words: what is wanted. */
  readonly title: string
  /** The kind of request by its title: a feature, a fix, ... */
  readonly reading: Reading
  /** What to search for. */
  readonly terms: RequestTerms
  /** Terms of the title, for matching recipes. */
  readonly recipeTerms: ReadonlySet<string>
  /** Whether it asks about the code: 'Where is X done?'. */
  readonly isQuestion: boolean
  /** Whether it asks how such a thing is usually made: 'How is a new formatter registered?'. */
  readonly asksHowAdded: boolean
  /** The request, read as a question. */
  readonly asked: AskedWords
}

const LONGEST_TITLE = 500 // characters that tell the kind of a request

/** Reads a request. text: without secrets. Linear in the text; at most 65,536 characters are read. */
export function readRequest(text: string): Request {
  const plain = plainRequest(text)
  const read = text.trim().slice(0, LONGEST)
  return {
    text,
    title: plain.title,
    reading: readsLike(plain.title.slice(0, LONGEST_TITLE)),
    terms: requestTerms(plain),
    recipeTerms: recipeTerms(plain.title),
    isQuestion: isQuestion(read),
    asksHowAdded: asksHowAdded(read),
    asked: readAsked(read),
  }
}
