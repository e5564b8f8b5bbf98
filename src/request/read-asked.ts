import { trimEndOf } from '../text/trim-end.ts'
import { plainRequest } from './plain-request.ts'
import { type RequestTerms, requestTerms } from './request-terms.ts'
import { isStopWord } from './words.ts'

/** The words of a question. */
export interface AskedWords {
  /** Terms, without the words that ask. */
  readonly terms: RequestTerms
  readonly isAboutTests: boolean
  /** The name whose uses are asked for: 'mergePath' in 'What calls mergePath?'; null: none. */
  readonly usesOf: string | null
  /** The owner of that name, if the question has one: 'Cart' in 'Who calls Cart.total?'. */
  readonly usesOfOwner: string | null
}

/** Reads a text as a question. Linear in the text. */
export function readAsked(question: string): AskedWords {
  const used = usesAskedFor(question)
  return {
    terms: requestTerms(plainRequest(withoutAsking(question))),
    isAboutTests: /\btest(s|ed|ing)?\b/i.test(question),
    usesOf: used?.at(-1) ?? null,
    usesOfOwner: used?.at(-2) ?? null,
  }
}

// Words that ask, and do not say for what.
const ASKING =
  /\b(how|what|where|why|when|which|who|do|does|did|is|are|was|can|could|should|please|tell|show|explain|find|me|work|works|happens?|there)\b/gi

function withoutAsking(question: string): string {
  const said = question.replace(ASKING, ' ')
  return /[\p{L}\p{N}]/u.test(said) ? said : question
}

const NAME = '[`\'"]?([\\p{L}_$#@][\\p{L}\\p{N}_$#.:?!]*)(?:\\(\\))?[`\'"]?'
const USES = [
  `\\b(?:calls?|callers? of|uses?|users? of|usages? of|invokes?|imports?)\\s+(?:the\\s+)?(?:\\w+\\s+(?=[\`'"]))?${NAME}`,
  `\\b(?:where|who|what)\\b.*?\\b(?:is|are|gets?)\\s+(?:the\\s+)?${NAME}\\s+(?:being\\s+)?(?:used|called|invoked|imported)\\b`,
].map((pattern) => new RegExp(pattern, 'iu'))
const LONGEST = 500 // characters in which a question asks for uses; each of its words begins a search
const ASKS_FOR_USES = /^\W*(?:what|who|where|which|list|show|find|callers?|usages?)\b/i

/** The name whose uses are asked for, after its owners: 'Cart', 'total' in 'Who calls Cart.total?', 'valid?' in 'Where is valid? called?'. */
function usesAskedFor(question: string): readonly string[] | null {
  if (!ASKS_FOR_USES.test(question)) return null
  const said = trimEndOf(question.trim().slice(0, LONGEST), ' \t\r\n.:?!')
  for (const pattern of USES) {
    const name = trimEndOf(pattern.exec(said)?.[1] ?? '', '.:')
    if (name && !isStopWord(name.toLowerCase())) return name.split(/[.:#]+/)
  }
  return null
}
