import { isStopWord, termsOf } from './words.ts'

// Chosen on 360 requests of twelve repositories, before recipes had to be borne out: 47 reached it, and of the files then named 76 in 100 were
// changed; with 4 instead of 6 it was 76 requests and 62 in 100 (bench/recipes.ts; figures of today: docs/results.md#recipes).
const SURE = 6
const SURE_BY_WORD = 3
const MOST_TERMS = 30 // a title that is a whole page matches everything
const TYPE = /^(feat|feature|fix|chore|enh|enhancement|new)\b!?(?=\(|:)/i // its scope stays

/** What decides which recipe is meant. */
interface Matched {
  readonly by: 'places' | 'word' | 'habit'
  readonly word: string | null
  readonly terms: readonly { readonly term: string; readonly weight: number }[]
}

/** Terms of a title, each once, without the type of a conventional commit. */
export function termsOfTitle(title: string): ReadonlySet<string> {
  return new Set(
    termsOf(title.replace(TYPE, ''))
      .slice(0, MOST_TERMS)
      .filter((term) => !isStopWord(term)),
  )
}

/**
 * Which of some recipes a title means: one by places whose subjects' words the title says, rare words counting more;
 * without one, the one of the rarest word that it shares with many subjects. Never a habit. Pure; linear in their terms.
 */
export function matchRecipe<T extends Matched>(recipes: readonly T[], title: string): T | null {
  const said = termsOfTitle(title)
  const best = (by: Matched['by'], least: number, score: (recipe: T) => number) =>
    recipes
      .filter((recipe) => recipe.by === by)
      .map((recipe) => ({ recipe, score: score(recipe) }))
      .filter(({ score }) => score >= least)
      .sort((a, b) => b.score - a.score)[0]?.recipe
  const weight = ({ terms }: T, counts: (term: string) => boolean) =>
    terms.reduce((sum, { term, weight }) => (said.has(term) && counts(term) ? sum + weight : sum), 0)
  return (
    best('places', SURE, (recipe) => weight(recipe, () => true)) ??
    best('word', SURE_BY_WORD, (recipe) => weight(recipe, (term) => term === recipe.word)) ??
    null
  )
}
