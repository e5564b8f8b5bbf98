import type { Recipe } from '../recipe.ts'
import { asksInTitle } from '../request/asking.ts'
import { withoutType } from '../request/reads-like.ts'
import { isStopWord, partTerms } from '../request/words.ts'

/** A title in the form that recipes are matched with. */
export interface TitleTerms {
  readonly terms: ReadonlySet<string>
  /** The result of kindAdded(). */
  readonly kind: string | null
}

const MOST_WORDS = 4 // a longer title says what the thing does; with 3 a quarter fewer have a kind, no surer; with 6 a quarter more, less sure
const LONGEST = 300 // characters
const QUOTED = /`[^`]+`|"[^"]+"|“[^”]+”|(?<![\p{L}\p{N}])'[^']+'(?![\p{L}\p{N}])/u
const WORD = new RegExp(`${QUOTED.source}|[\\p{L}\\p{N}_$]+(?:[-/][\\p{L}\\p{N}_$]+)*`, 'gu') // 'Style/HashFetch' is one word
const HEAD = // the title up to its purpose: 'for ...', 'with ...'
  /^\S+\s+\S+.*?(?=\s*[,;(]|\s(?:that|which|with|for|to|in|from|and|so|using|via|when|as|on|by)\s)/i

/** Whether one path of the repository holds all of these terms. */
export type IsKnown = (terms: readonly string[]) => boolean

/** Like isKnown, and true for the kind of each recipe, even if no path holds it any more. */
export function knownWith(recipes: readonly Pick<Recipe, 'by' | 'word'>[], isKnown: IsKnown): IsKnown {
  const kinds = new Set(recipes.filter(({ by }) => by === 'kind').map(({ word }) => word))
  return (terms) => (terms.length === 1 && kinds.has(terms[0]!)) || isKnown(terms)
}

/**
 * The kind of thing that a title adds one more of, if it says little else: 'diagram' in 'feat: Add Venn diagram'. A
 * path of the repository must hold the kind, and no path may hold the name before it ('Venn'). null: none. Linear in
 * the title.
 */
export function kindAdded(title: string, isKnown: IsKnown): string | null {
  const plain = withoutType(title.slice(0, LONGEST)).trim()
  return kindNamed(HEAD.exec(plain)?.[0] ?? '', isKnown) ?? kindNamed(plain, isKnown)
}

function kindNamed(title: string, isKnown: IsKnown): string | null {
  const words = [...title.matchAll(WORD)]
    .map(({ 0: written, index }) => ({ written, index, terms: partTerms(written) }))
    .filter(({ terms }) => terms.some((term) => /\p{L}/u.test(term) && !isStopWord(term) && !asksInTitle(term)))
  const [name, kind] = words.slice(-2)
  if (!name || !kind || words.length > MOST_WORDS) return null
  if (title.slice(name.index + name.written.length, kind.index).trim() !== '') return null
  return isKnown(kind.terms) && !isKnown(name.terms) ? kind.terms.at(-1)! : null
}

/**
 * The recipe that a title means: the one of its kind, otherwise the first one whose word the title holds. Never a
 * habit. recipes: in the order of mineRecipes. Pure; linear in the recipes.
 */
export function matchRecipe<T extends Pick<Recipe, 'by' | 'word'>>(
  recipes: readonly T[],
  { terms, kind }: TitleTerms,
): T | null {
  return (
    recipes.find(({ by, word }) => by === 'kind' && word === kind) ??
    recipes.find(({ by, word }) => by === 'word' && terms.has(word!)) ??
    null
  )
}
