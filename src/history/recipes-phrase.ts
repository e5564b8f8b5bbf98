import { asksInTitle } from '../asking.ts'
import { countEach } from '../groups.ts'
import { withoutType } from '../title-words.ts'
import { isStopWord, termsOf } from '../words.ts'

const HALF = 0.5
const THIRD = 1 / 3
const LONGEST = 40 // characters
const COMMON = Math.log(2) // rarity of a term that half of all additions hold
const PALE = new Set(termsOf('option work all')) // beside those that only ask
const SCOPE = /^\(([^)]*)\)!?:\s*/
const MARKS = /[,;:()[\]{}<>=&]|\s[-–—]+\s/ // no phrase goes across
const PARTS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|[^\p{Lu}\p{Ll}\p{N}\p{P}\p{S}]+/gu

/** Words that follow each other. */
interface Phrase {
  /** Those of its terms that half of the subjects hold. */
  readonly terms: string
  readonly said: string
}

/**
 * The heaviest words that stand together in a third of the subjects and are said by half of them, as most spell them: 'loading indicator',
 * 'bearer-auth', 'pr merge'. Words that say only that something is added, and those of half of all additions, are none. null: none is shared.
 *
 * subjects: newest first. word: a term that all hold, and that is to be shown. rarity: as rarities() tells it.
 */
export function sharedPhrase(
  subjects: readonly string[],
  word: string | null,
  rarity: ReadonlyMap<string, number>,
): string | null {
  const clauses = [...new Set(subjects)].map(clausesOf)
  const weights = weightsOf(clauses, rarity)
  if (word !== null && !weights.has(word)) weights.set(word, 1)
  const phrases = clauses.map((some) => some.flatMap((words) => phrasesOf(words, weights)))
  const weigh = (terms: string) => terms.split(' ').reduce((sum, term) => sum + weights.get(term)!, 0)
  const [best] = [...countHolders(phrases.map((some) => some.map(({ terms }) => terms)))]
    .filter(
      ([terms, count]) =>
        count > 1 &&
        count >= THIRD * clauses.length &&
        (!word || (terms.split(' ').includes(word) && count >= HALF * clauses.length)),
    )
    .sort((a, b) => weigh(b[0]) - weigh(a[0]) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  if (best)
    return mostSaid(phrases.map((some) => some.filter(({ terms }) => terms === best[0]).map(({ said }) => said)))
  const heaviest = word ?? [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
  if (heaviest === undefined) return null
  // it stands within longer names, or is one: 'ruletester'
  const words = clauses.map((some) => some.flat().flatMap((one) => [...partsOf(one), one]))
  const said = mostSaid(words.map((some) => some.filter((one) => termsOf(one).includes(heaviest))))
  return said === null || partsOf(said).length > 1 ? said : said.toLowerCase()
}

/** How much a term tells, of those that half of the subjects hold. */
function weightsOf(clauses: readonly string[][][], rarity: ReadonlyMap<string, number>): Map<string, number> {
  const rarityOf = (term: string) => rarity.get(`:${term}`) ?? 0
  return new Map(
    [...countHolders(clauses.map((some) => some.flat().flatMap(termsOfParts)))]
      .filter(([, count]) => count > 1 && count >= HALF * clauses.length)
      .filter(([term]) => !isStopWord(term) && !asksInTitle(term) && !PALE.has(term) && rarityOf(term) >= COMMON)
      .map(([term, count]) => [term, (count / clauses.length) * rarityOf(term)]),
  )
}

/** The words of a subject without its type, parted at marks; a capital that only begins it is made small. */
function clausesOf(subject: string): string[][] {
  const text = withoutType(subject).replace(/^:\s*/, '')
  const scope = SCOPE.exec(text)?.[1] ?? ''
  const rest = text.replace(SCOPE, '').replace(/^\p{Lu}(?=\p{Ll}+\s)/u, (first) => first.toLowerCase())
  return [...scope.split(/[/,]/), ...rest.split(MARKS)].map((clause) =>
    (clause.match(/[^\s`'"“”]+/g) ?? [])
      .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
      .filter((word) => word !== ''),
  )
}

/** Of 'bearer-auth' and of 'bearerAuth' two. */
function partsOf(word: string): string[] {
  return word.match(PARTS) ?? []
}

function termsOfParts(word: string): string[] {
  return partsOf(word).flatMap(termsOf)
}

/** All phrases that begin and end with words of such terms alone, with nothing but function words between. */
function phrasesOf(words: readonly string[], weights: ReadonlyMap<string, number>): Phrase[] {
  const isMeant = words.map((word) => {
    const terms = termsOfParts(word).filter((term) => !isStopWord(term))
    return terms.length > 0 && terms.every((term) => weights.has(term))
  })
  const joins = words.map((word) => isStopWord(word.toLowerCase()) && !asksInTitle(word.toLowerCase()))
  return words.flatMap((_, from) => {
    const found: Phrase[] = []
    for (let to = from; isMeant[from] && (isMeant[to] || joins[to]); to++) {
      const some = words.slice(from, to + 1)
      const terms = new Set(some.flatMap(termsOfParts).filter((term) => weights.has(term)))
      const said = some.join(' ')
      if (isMeant[to] && said.length <= LONGEST) found.push({ terms: [...terms].join(' '), said })
    }
    return found
  })
}

/** How many of the lists hold each. */
function countHolders(lists: readonly (readonly string[])[]): Map<string, number> {
  return countEach(lists.flatMap((list) => [...new Set(list)]))
}

/** Of equals the one that stands first; null when there is none. */
function mostSaid(lists: readonly (readonly string[])[]): string | null {
  return [...countHolders(lists)].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
