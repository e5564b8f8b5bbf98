import { asksInTitle } from './asking.ts'
import type { Recipe } from './recipe.ts'
import { withoutType } from './title-words.ts'
import { isStopWord, partTerms, termsOf } from './words.ts'

// Chosen on 360 requests of twelve repositories, before recipes had to be borne out: 47 reached it, and of the files then named 76 in 100 were
// changed; with 4 instead of 6 it was 76 requests and 62 in 100 (bench/recipes.ts; figures of today: docs/results.md#recipes).
const SURE = 6
const SURE_BY_WORD = 3
const MOST_TERMS = 30 // a title that is a whole page matches everything

/** What decides which recipe is meant. */
type Matched = Pick<Recipe, 'by' | 'word' | 'terms'>

/** A title as recipes take it. */
export interface Asked {
  readonly title: string
  /** As kindAdded() tells it. */
  readonly kind: string | null
}

/** Terms of a title as recipes take it, each once; unlike those that are searched for (titleTerms) with the words that only ask. */
export function termsForRecipes(title: string): ReadonlySet<string> {
  return new Set(
    termsOf(withoutType(title))
      .slice(0, MOST_TERMS)
      .filter((term) => !isStopWord(term)),
  )
}

const MOST_WORDS = 4 // a longer title says what the thing is to do; with 3 a quarter fewer have a kind, no surer, and with 6 a quarter more, less sure
const LONGEST = 300 // characters
const SCOPE = /^\s*(?:\([^)]*\)!?:|\[[^\]]*\]:?|[\w-]{1,40}:)\s+/ // '(router): ', '[router] ', 'router: '
const QUOTED = /`[^`]+`|"[^"]+"|“[^”]+”|(?<![\p{L}\p{N}])'[^']+'(?![\p{L}\p{N}])/u
const WORD = new RegExp(`${QUOTED.source}|[\\p{L}\\p{N}_$]+(?:[-/][\\p{L}\\p{N}_$]+)*`, 'gu') // 'Style/HashFetch' is one
const SORT = /^(type|kind)$/ // 'diagram type'
const HEAD = // what follows says what it is for
  /^\S+\s+\S+.*?(?=\s*[,;(]|\s(?:that|which|with|for|to|in|from|and|so|using|via|when|as|on|by)\s)/i

/** Whether a path of the repository says all of these terms. */
export type IsKnown = (terms: readonly string[]) => boolean

/** As isKnown tells it, or a kind that others were added of: no path need say it any more. */
export function knownWith(recipes: readonly Pick<Recipe, 'by' | 'word'>[], isKnown: IsKnown): IsKnown {
  const kinds = new Set(recipes.filter(({ by }) => by === 'kind').map(({ word }) => word))
  return (terms) => (terms.length === 1 && kinds.has(terms[0]!)) || isKnown(terms)
}

/**
 * Of what kind a title adds another one, if it says little else than what for: 'diagram' of 'feat: Add Venn diagram' and 'cop' of
 * 'New cop Style/HashFetch for Ruby 3', where the name is one that no path of the repository says yet. A name behind the kind must be one of several
 * parts, or quoted. Linear in the title.
 */
export function kindAdded(title: string, isKnown: IsKnown): string | null {
  const plain = withoutType(title.slice(0, LONGEST)).replace(SCOPE, '').trim()
  return kindNamed(HEAD.exec(plain)?.[0] ?? '', isKnown) ?? kindNamed(plain, isKnown)
}

function kindNamed(title: string, isKnown: IsKnown): string | null {
  const words = [...title.matchAll(WORD)]
    .map(({ 0: written, index }) => ({ written, index, terms: partTerms(written) }))
    .filter(({ terms }) => terms.some((term) => /\p{L}/u.test(term) && !isStopWord(term) && !asksInTitle(term)))
  while (SORT.test(words.at(-1)?.written.toLowerCase() ?? '')) words.pop()
  const [before, last] = words.slice(-2)
  if (!before || !last || words.length > MOST_WORDS) return null
  if (title.slice(before.index + before.written.length, last.index).trim() !== '') return null
  const kind = isKnown(last.terms) ? last : before
  const name = kind === last ? before : last
  const isName = kind === last || QUOTED.test(name.written) || name.terms.length > 1
  return isName && isKnown(kind.terms) && !isKnown(name.terms) ? kind.terms.at(-1)! : null
}

/**
 * Which of some recipes a title means: the one of how others of its kind were added; without one, one by places whose subjects' words the title
 * says, rare words counting more; without that, the one of the rarest word that it shares with many subjects. Never a habit. Pure; linear in their terms.
 */
export function matchRecipe<T extends Matched>(recipes: readonly T[], { title, kind }: Asked): T | null {
  const said = termsForRecipes(title)
  const best = (by: Matched['by'], least: number, score: (recipe: T) => number) =>
    recipes
      .filter((recipe) => recipe.by === by)
      .map((recipe) => ({ recipe, score: score(recipe) }))
      .filter(({ score }) => score >= least)
      .sort((a, b) => b.score - a.score)[0]?.recipe
  const weight = ({ terms }: T, counts: (term: string) => boolean) =>
    terms.reduce((sum, { term, weight }) => (said.has(term) && counts(term) ? sum + weight : sum), 0)
  return (
    recipes.find(({ by, word }) => by === 'kind' && word === kind) ??
    best('places', SURE, (recipe) => weight(recipe, () => true)) ??
    best('word', SURE_BY_WORD, (recipe) => weight(recipe, (term) => term === recipe.word)) ??
    null
  )
}
