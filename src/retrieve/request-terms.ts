import { isStopWord, termsOf } from '../words.ts'

export interface RequestTerms {
  /** The terms of the title, each once. */
  readonly title: readonly string[]
  /** What to search for; a term of the title stands three times. */
  readonly terms: readonly string[]
  /** Identifiers and paths that the request quotes or that look like code: 'staleTime', 'get_user', 'src/a.ts'. */
  readonly quoted: readonly string[]
  /** How the request spells a term: 'sensitiv' is 'sensitive'. */
  readonly spelled: ReadonlyMap<string, string>
}

// Words of requests in general: they say that something is asked for, not what.
const ASKING = new Set(
  termsOf(
    'feat feature add adds added adding support supports implement implements allow allows new news enable introduce provide make',
  ),
)
const PREFIX = /^(feat|fix|chore|refactor|perf|docs|enhancement|feature|rfc)(?=\(|!?:)/i // conventional commits; the scope in brackets stays
const MOST_TERMS = 60 // a long issue repeats itself; beyond that, templates and logs
const TITLE_WEIGHT = 3

/** Splits a request into what to search for: its first line (the title) counts more than the rest. Linear in the text. */
export function requestTerms(request: string): RequestTerms {
  const [title = '', ...rest] = request.trim().split('\n')
  const body = rest
    .join('\n')
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/https?:\/\/\S+/g, ' ')
  const inTitle = unique(termsOf(title.replace(PREFIX, '')))
  const inBody = unique(termsOf(body)).filter((term) => !inTitle.includes(term))
  const terms = [...inTitle.flatMap((term) => Array<string>(TITLE_WEIGHT).fill(term)), ...inBody.slice(0, MOST_TERMS)]
  return { title: inTitle, terms, quoted: quotedNames(`${title}\n${body}`), spelled: spellings(`${title}\n${body}`) }
}

function unique(terms: readonly string[]): string[] {
  return [...new Set(terms)].filter((term) => !isStopWord(term) && !ASKING.has(term))
}

function spellings(text: string): Map<string, string> {
  const spelled = new Map<string, string>()
  for (const [word] of text.matchAll(/[\p{L}\p{N}_$]+/gu)) {
    const terms = termsOf(word)
    // of an identifier, the whole is spelled as it stands; its parts are words of their own
    const whole = terms.length === 1 ? terms[0]! : terms.at(-1)
    if (whole !== undefined && !spelled.has(whole)) spelled.set(whole, word)
  }
  return spelled
}

function quotedNames(text: string): string[] {
  const inTicks = [...text.matchAll(/`([^`\n]{2,80})`/g)].flatMap((match) => match[1]!.match(/[\w$./-]{2,}/g) ?? [])
  const codeLike = text.match(/\b(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[a-z]+_\w+|[\w-]+(?:\/[\w.-]+)+)\b/g) ?? []
  return [...new Set([...inTicks, ...codeLike])].slice(0, 40)
}
