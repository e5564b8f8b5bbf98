import { asksInRequest } from '../asking.ts'
import { plainRequest } from '../plain-request.ts'
import { withoutType } from '../title-words.ts'
import { countTerms, isStopWord, partTerms, stem, termsOf } from '../words.ts'

export interface RequestTerms {
  /** The terms of the title, each once. */
  readonly title: readonly string[]
  /** What to search for; a term stands as often as the text says it, three times more when the title says it, five times at most. */
  readonly terms: readonly string[]
  /** Identifiers and paths that the request quotes or that look like code: 'staleTime', 'get_user', 'src/a.ts'. */
  readonly quoted: readonly string[]
  /** Names of several parts that the title uses, spelled together in lower case: 'nounusedvars' of `no-unused-vars`. */
  readonly titleNames: Names
  /** Those that the rest uses. */
  readonly bodyNames: Names
  /** Words of the title. */
  readonly titleWords: Names
  /** Words that stand side by side, written as one: 'hero images' is 'heroimages', 'heroimag' and 'heroimage', as in `heroImage`; 'HTTP/3' is 'http3'. */
  readonly compounds: readonly string[]
  /** The part of the repository that the title names before its colon, in lower case: 'feat(vue-query): ...'. */
  readonly scope: string | null
  /** How the request spells a term: 'sensitiv' is 'sensitive', and 'revers' of `reverse_proxy` 'reverse', 'cpp' 'C++'. */
  readonly spelled: ReadonlyMap<string, string>
}

/** By a name without case and signs, its terms and how it stands in the request. */
export type Names = ReadonlyMap<string, { readonly terms: readonly string[]; readonly written: string }>

// What stands before a colon and is no part of the repository.
const NO_SCOPE =
  /^(feat|feature|fix|chore|refactor|perf|docs?|test|style|build|ci|enhancement|new|rfc|wip|breaking|deps|title|request|proposal|idea|suggestion|question|issue|bug|error|crash|regression|note)$/i
const MOST_COMPOUNDS = 80
const MOST_TERMS = 60 // a long issue repeats itself; beyond that, templates and logs
const TITLE_WEIGHT = 3
const MOST_REPEATS = 5 // what is said more often is what it is about, up to a point

/** The terms of the title alone, each once. Linear in the text. */
export function titleTerms(request: string): readonly string[] {
  return [...countedInTitle(withoutType(namedAsInCode(plainRequest(request).title))).keys()]
}

function countedInTitle(title: string): ReadonlyMap<string, number> {
  return new Map([...counted(title)].slice(0, MOST_TERMS))
}

/** Splits a request into what to search for: its title counts more than the rest. Linear in the text. */
export function requestTerms(request: string): RequestTerms {
  const plain = plainRequest(request)
  const [title, body] = [namedAsInCode(plain.title), namedAsInCode(plain.body)]
  const untyped = withoutType(title)
  const inTitle = countedInTitle(untyped)
  const inBody = counted(body)
  for (const term of inBody.keys()) if (/^\d{1,2}$/.test(term)) inBody.delete(term) // of lines, lists, versions
  const repeat = (term: string) => (inTitle.has(term) ? TITLE_WEIGHT : 0) + (inBody.get(term) ?? 0)
  const terms = [
    ...inTitle.keys(),
    ...[...inBody.keys()].filter((term) => !inTitle.has(term)).slice(0, MOST_TERMS),
  ].flatMap((term) => Array<string>(Math.min(MOST_REPEATS, repeat(term))).fill(term))
  return {
    title: [...inTitle.keys()],
    terms,
    quoted: quotedNames(`${title}\n${body}`),
    titleNames: namesIn(untyped),
    bodyNames: namesIn(body),
    titleWords: wordsOf(untyped),
    compounds: compoundsOf(`${untyped}\n${body}`),
    scope: scopeOf(title),
    spelled: new Map([...spellings(`${title}\n${body}`), ...languagesIn(`${plain.title}\n${plain.body}`)]),
  }
}

const LANGUAGE = /\bC\+\+|(?<=^|\s)c\+\+(?=\s|$)|\b[CcFf]#(?![a-z])/g // 'c++)' ends the head of a loop

/** A text with the languages whose signs are no letters as code names them: 'C++' is cpp, 'C#' csharp. */
function namedAsInCode(text: string): string {
  return text.replace(LANGUAGE, (written) => `${nameInCode(written)} `)
}

function languagesIn(text: string): [string, string][] {
  return (text.match(LANGUAGE) ?? []).map((written) => [nameInCode(written), written])
}

function nameInCode(language: string): string {
  return language.toLowerCase().replace('++', 'pp').replace('#', 'sharp')
}

const PROTOCOL = /\b[A-Z]{2,}\/\d+/g // 'HTTP/3', which code writes as http3

function compoundsOf(text: string): string[] {
  const found = new Set((text.match(PROTOCOL) ?? []).map(spelledTogether))
  for (const clause of text.toLowerCase().split(/[^\p{L}\p{N}\s_-]+|\n\s*\n/u)) {
    const words = clause.split(/[\s_-]+/).filter(Boolean)
    for (let size = 2; size <= 3; size++)
      for (let at = 0; at + size <= words.length; at++) {
        const some = words.slice(at, at + size)
        if (isStopWord(some[0]!) || isStopWord(some.at(-1)!)) continue
        const joined = some.join('')
        found.add(joined).add(stem(joined))
        if (joined.endsWith('s')) found.add(joined.slice(0, -1))
      }
  }
  return [...found].slice(0, MOST_COMPOUNDS)
}

const SEVERAL_PARTS = /[a-z0-9][A-Z]|[A-Z]{2}[a-z]|[\p{L}\p{N}][-_][\p{L}\p{N}]/u
const MOST_NAMED = 40 // each is looked for in the paths
const LONGEST_NAMED = 300 // characters: each part of a path is a look-up

/** A name without case and signs: 'fooBar', 'foo_bar' and 'foo-bar' are the same. */
export function spelledTogether(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function namesIn(text: string): Names {
  const names = new Map<string, { terms: string[]; written: string }>()
  for (const [written] of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*(?:-[\p{L}\p{N}_$]+)*/gu)) {
    const name = spelledTogether(written)
    if (names.size < MOST_NAMED && written.length <= LONGEST_NAMED && !names.has(name) && SEVERAL_PARTS.test(written))
      names.set(name, { terms: partTerms(written), written })
  }
  return names
}

function wordsOf(title: string): Names {
  const words = new Map<string, { terms: string[]; written: string }>()
  for (const [written] of title.matchAll(/[\p{L}\p{N}]+/gu)) {
    const terms = termsOf(written)
    const isWord = written.length >= 3 && terms.length === 1 && !isStopWord(terms[0]!) && !asksInRequest(terms[0]!)
    if (isWord && words.size < MOST_NAMED) words.set(spelledTogether(written), { terms, written })
  }
  return words
}

function scopeOf(title: string): string | null {
  const named =
    /^\w+\(([^()\s,]+)\)!?:/.exec(title)?.[1] ?? /^(?:\[([\w/.-]+)\]|([\w/.-]+):\s)/.exec(title)?.slice(1).find(Boolean)
  return named && !NO_SCOPE.test(named) ? named.toLowerCase() : null
}

/** How often each term occurs that is worth searching for. */
function counted(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  countTerms(text, (term, count) => {
    if (!isStopWord(term) && !asksInRequest(term)) counts.set(term, count)
  })
  return counts
}

function spellings(text: string): Map<string, string> {
  const spelled = new Map<string, string>()
  const parts = new Map<string, string>() // of identifiers: words of their own come first
  for (const [word] of text.matchAll(/[\p{L}\p{N}_$]+/gu)) {
    const terms = termsOf(word)
    const whole = terms.at(-1)
    if (whole !== undefined && !spelled.has(whole)) spelled.set(whole, word)
    for (const term of terms.slice(0, -1)) {
      if (parts.has(term)) continue
      const initial = term[0]!
      const spelling = new RegExp(`[${initial}${initial.toUpperCase()}]${term.slice(1)}\\p{Ll}*`, 'u')
      const part = spelling.exec(word)?.[0].toLowerCase()
      if (part) parts.set(term, part)
    }
  }
  return new Map([...parts, ...spelled])
}

function quotedNames(written: string): string[] {
  const text = written.replace(/(?<=[\w.-])\\(?=[\w.-])/g, '/') // paths of Windows
  const inTicks = [...text.matchAll(/`([^`\n]{2,80})`/g)].flatMap(([, quoted]) => [
    ...(/^\S+[/.]\S+$/.test(quoted!) ? [quoted!] : []), // 'app/[id]/page.tsx'
    ...(quoted!.match(/[\w$./-]{2,}/g) ?? []),
  ])
  const codeLike =
    text.match(/\b(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[a-z]+_\w+|[\w-]{1,80}(?:\/[\w.-]{1,80})+)\b/g) ?? []
  return [...new Set([...inTicks, ...codeLike].map((name) => name.replace(/\.+$/, '')))]
    .filter((name) => name.length <= LONGEST_NAMED)
    .slice(0, 40)
}
