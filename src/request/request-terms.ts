import { trimEndOf } from '../text/trim-end.ts'
import { asksInRequest } from './asking.ts'
import type { PlainRequest } from './plain-request.ts'
import { withoutType } from './reads-like.ts'
import { countTerms, isStopWord, termsOf } from './words.ts'

export interface RequestTerms {
  /** The terms of the title, each once. */
  readonly title: readonly string[]
  /** Terms to search for. A term is repeated as often as it occurs, three times more if the title holds it, five times at most. */
  readonly terms: readonly string[]
  /** Identifiers and paths that the request quotes or that look like code: 'staleTime', 'get_user', 'src/a.ts'. */
  readonly quoted: readonly string[]
  /** How the request spells a term: 'sensitiv' as 'sensitive', 'revers' in `reverse_proxy` as 'reverse'. */
  readonly spelled: ReadonlyMap<string, string>
  /** Terms that are no words, but pieces of a name: 'pv' of IPv6, 'fs' of PDFs. They are searched for, but not shown to people. */
  readonly pieces: ReadonlySet<string>
}

const MOST_TERMS = 60 // a long issue repeats itself; beyond that, templates and logs
const TITLE_WEIGHT = 3
const MOST_REPEATS = 5 // a text is about what it repeats, up to a point

/** Splits a request into terms to search for; those of the title weigh more. Linear in the text. */
export function requestTerms({ title, body }: PlainRequest): RequestTerms {
  const inTitle = new Map([...counted(withoutType(title))].slice(0, MOST_TERMS))
  const inBody = counted(body)
  for (const term of inBody.keys()) if (/^\d{1,2}$/.test(term)) inBody.delete(term) // numbers of lines, lists, versions
  const repeat = (term: string) => (inTitle.has(term) ? TITLE_WEIGHT : 0) + (inBody.get(term) ?? 0)
  const others = [...inBody.keys()].filter((term) => !inTitle.has(term)).slice(0, MOST_TERMS)
  const spelled = spellings(`${title}\n${body}`)
  return {
    title: [...inTitle.keys()],
    terms: [...inTitle.keys(), ...others].flatMap((term) =>
      Array<string>(Math.min(MOST_REPEATS, repeat(term))).fill(term),
    ),
    quoted: quotedNames(`${title}\n${body}`),
    spelled,
    pieces: new Set(piecesIn(`${title}\n${body}`).filter((term) => !spelled.has(term))),
  }
}

/** How often each term that is worth searching for occurs. */
function counted(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  countTerms(text, (term, count) => {
    if (!isStopWord(term) && !asksInRequest(term)) counts.set(term, count)
  })
  return counts
}

function spellings(text: string): Map<string, string> {
  const spelled = new Map<string, string>()
  for (const [word] of text.matchAll(/[\p{L}\p{N}_$]+/gu)) {
    const parts = word.replace(ABBREVIATION, '').match(/\p{Lu}?\p{Ll}+/gu) ?? []
    for (const one of [...(parts.length > 1 ? parts.map((part) => part.toLowerCase()) : []), word]) {
      const term = termsOf(one).at(-1)
      if (term !== undefined && !spelled.has(term)) spelled.set(term, trimmed(one))
    }
  }
  return spelled
}

/** Capitals with a small letter: IPv6, PDFs. */
const ABBREVIATION = /\p{Lu}{2,10}\p{Ll}(?!\p{Ll})/gu

function piecesIn(text: string): string[] {
  return [...text.matchAll(ABBREVIATION)].flatMap(([name]) => termsOf(name).slice(0, -1))
}

/** Without the signs at its ends: a file that has 'order' need not have '_order'. */
const trimmed = (word: string) => word.replace(/^[_$]+/, '').replace(/(?<![_$])[_$]+$/, '') || word

const MOST_OF_TITLE = 30 // a title that is a whole page matches everything

/** Terms of a title for matching recipes, each once. Unlike search terms they include words that only ask. */
export function recipeTerms(title: string): ReadonlySet<string> {
  return new Set(
    termsOf(withoutType(title))
      .slice(0, MOST_OF_TITLE)
      .filter((term) => !isStopWord(term)),
  )
}

const MOST_QUOTED = 40
const LONGEST = 300 // characters: each part of a path is a look-up

function quotedNames(text: string): string[] {
  const inTicks = [...text.matchAll(/`([^`\n]{2,80})`/g)].flatMap(([, quoted]) => [
    ...(/^\S+[/.]\S+$/.test(quoted!) ? [quoted!] : []), // 'app/[id]/page.tsx'
    ...(quoted!.match(/[\w$./-]{2,}/g) ?? []),
  ])
  const codeLike =
    text.match(/\b(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[a-z]+_\w+|[\w-]{1,80}(?:\/[\w.-]{1,80})+)\b/g) ?? []
  return [...new Set([...inTicks, ...codeLike].map((name) => trimEndOf(name, '.')))]
    .filter((name) => name.length <= LONGEST)
    .slice(0, MOST_QUOTED)
}
