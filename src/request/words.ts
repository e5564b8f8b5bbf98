/** Splits code and prose into terms for full text, in the same way for the index and for a search. */

// Words that do not help to find a file. Only English function words: 'add' and 'support' are weak too, but their low
// rarity already accounts for that.
const STOP = new Set(
  `a an and are as at be been but by can could do does for from had has have how i if in into is it its may more must
  no not of on or our should so some such than that the their them then there these they this those to too up us use
  used using via was we were what when where which while who will with would you your`.split(/\s+/),
)

// Every character beyond ASCII counts as a letter here, and is checked when its word is split: three times as fast.
const WORD = /[A-Za-z0-9_$\u0080-\uffff]+/g
const PARTS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|[^\p{Lu}\p{Ll}\p{N}]+/gu
const ASCII_PARTS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g // the same for ASCII, where it is faster
const UNICODE_WORD = /[\p{L}\p{N}_$]+/gu
const ASCII = /^[\w$]+$/
const LONGEST = 80
// In scripts without spaces, and in Korean, whose particles stick to words, terms are pairs of characters.
const IN_PAIRS = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]/u
const RUNS = new RegExp(`${IN_PAIRS.source}+|[^${IN_PAIRS.source.slice(1)}+`, 'gu') // 'Redis缓存'

/**
 * Terms of a text in reading order. Each identifier is split at camelCase, snake_case and digits, and its parts are
 * stemmed lightly. An identifier of several parts is also a term as a whole, in lower case. Chinese, Japanese and
 * Korean give pairs of characters. Linear in the text.
 */
export function termsOf(text: string): string[] {
  forgetSome()
  const terms: string[] = []
  for (const word of text.match(WORD) ?? []) for (const id of idsOfWord(word)) terms.push(known[id]!)
  return terms
}

/** True for text whose terms are pairs of characters. */
export function isInPairs(text: string): boolean {
  return IN_PAIRS.test(text)
}

/** The terms of a name's parts, without the whole: three for 'useFooBar'. */
export function partTerms(name: string): string[] {
  return name.split(/[^\p{L}\p{N}]+/u).flatMap((part) => {
    const terms = termsOf(part)
    return terms.length > 1 ? terms.slice(0, -1) : terms
  })
}

/**
 * Calls tell with each different term of a text and its count, in the order of first occurrence. Faster than counting
 * termsOf: each different word is looked up once, and terms are counted by number. tell: must neither throw nor call
 * functions of this file.
 */
export function countTerms(text: string, tell: (term: string, count: number) => void): void {
  forgetSome()
  const words = new Map<string, number>()
  for (const word of text.match(WORD) ?? []) words.set(word, (words.get(word) ?? 0) + 1)
  const order: number[] = []
  for (const [word, count] of words)
    for (const id of idsOfWord(word)) {
      if (tally[id] === 0) order.push(id)
      tally[id]! += count
    }
  for (const id of order) {
    tell(known[id]!, tally[id]!)
    tally[id] = 0
  }
}

/**
 * Finds some terms in texts. Returns each occurrence, in reading order. For many texts and few terms: a text that
 * cannot hold any of them is not split, and a word is split once.
 */
export function termFinder(
  asked: ReadonlyMap<string, unknown> | ReadonlySet<string>,
): (text: string) => readonly string[] {
  const askedIn = new Map<string, readonly string[]>() // by word
  const mayHold = anyOf(asked.keys())
  return (text) => {
    if (!mayHold.test(text)) return []
    forgetSome()
    const found: string[] = []
    for (const word of text.match(WORD) ?? []) {
      let terms = askedIn.get(word)
      if (!terms) {
        terms = idsOfWord(word).flatMap((id) => (asked.has(known[id]!) ? [known[id]!] : []))
        askedIn.set(word, terms)
      }
      for (const term of terms) found.push(term)
    }
    return found
  }
}

/** Matches texts that may hold one of these terms: 'queries' for the term 'query', and 'foo_bar' for 'foobar'. */
function anyOf(terms: Iterable<string>): RegExp {
  const starts = [...terms].map((term) => [...term.replace(/y$/, '')].join('[_$]*')) // letters and digits only
  return new RegExp(starts.length > 0 ? starts.join('|') : '(?!)', 'i')
}

/** True for words that are never searched for. */
export function isStopWord(term: string): boolean {
  return term.length < 2 || STOP.has(term)
}

// Code repeats its words, and words repeat their parts: this cache saves nine splits in ten. Terms have numbers, so
// that counting them is adding to an array.
const REMEMBERED = 200_000 // words
const splits = new Map<string, readonly number[]>()
const stems = new Map<string, string>() // of parts as written
const ids = new Map<string, number>()
let known: string[] = [] // the term of each id
let tally = new Uint32Array(REMEMBERED) // all 0 between calls

function forgetSome(): void {
  if (splits.size < REMEMBERED) return
  splits.clear()
  stems.clear()
  ids.clear()
  known = []
}

function idsOfWord(word: string): readonly number[] {
  const split = splits.get(word)
  if (split) return split
  const made = splitWord(word).map((term) => {
    const id = ids.get(term) ?? known.push(term) - 1
    ids.set(term, id)
    return id
  })
  if (known.length > tally.length) {
    const longer = new Uint32Array(2 * known.length)
    longer.set(tally)
    tally = longer
  }
  splits.set(copyOf(word), made)
  return made
}

/** Copies a word. V8 would keep the whole text in memory for a slice of it. */
function copyOf(word: string): string {
  return Buffer.from(word).toString()
}

function splitWord(word: string): string[] {
  const isShort = (one: string) => one.length <= LONGEST // longer ones are hashes or base64: nobody searches for them
  if (ASCII.test(word)) return isShort(word) ? termsOfParts(word.match(ASCII_PARTS) ?? []) : []
  return (word.match(UNICODE_WORD) ?? [])
    .flatMap((one) => one.match(RUNS) ?? [])
    .flatMap((run) => (isInPairs(run) ? pairs(run) : isShort(run) ? splitCase(run) : []))
}

function splitCase(word: string): string[] {
  return termsOfParts((word.match(PARTS) ?? []).filter((part) => !/^[_$]+$/.test(part)))
}

function termsOfParts(written: readonly string[]): string[] {
  const terms = written.map(stemOfPart)
  if (written.length > 1) terms.push(written.join('').toLowerCase())
  return terms
}

function stemOfPart(part: string): string {
  let stemmed = stems.get(part)
  if (stemmed === undefined) {
    stemmed = stem(part.toLowerCase())
    stems.set(part, stemmed)
  }
  return stemmed
}

/**
 * Removes plural and verb endings, so that 'icons' finds 'icon' and 'parsing' finds 'parse'. A stop word is never the
 * result: 'theme' does not become 'them'. After Porter (1980), step 1 only.
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word
  let stemmed = word
  if (stemmed.endsWith('ies')) stemmed = `${stemmed.slice(0, -3)}y`
  else if (/(ss|us|is)$/.test(stemmed)) return stemmed
  else if (/(x|ch|sh|ss|z)es$/.test(stemmed)) stemmed = stemmed.slice(0, -2)
  else if (stemmed.endsWith('s')) stemmed = stemmed.slice(0, -1)
  const verb = /(ing|ed)$/.test(stemmed) ? /^(.*[aeiouy].*?)(?:ing|ed)$/.exec(stemmed)?.[1] : undefined
  if (verb && verb.length > 2) {
    const bare = /([bdgmnprt])\1$/.test(verb) ? verb.slice(0, -1) : verb
    if (STOP.has(bare)) return word
    stemmed = bare
  }
  const bare = stemmed.slice(0, -1)
  return stemmed.length > 4 && stemmed.endsWith('e') && !STOP.has(bare) ? bare : stemmed
}

function pairs(word: string): string[] {
  const characters = [...word]
  return characters.length < 2 ? characters : characters.slice(1).map((character, i) => characters[i] + character)
}
