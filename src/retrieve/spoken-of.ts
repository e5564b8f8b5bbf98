import type { RequestTerms } from './request-terms.ts'
import type { Question } from './signal.ts'

const ENOUGH = 1 / 3

/**
 * Added to the log odds of every file when the repository does not speak of the request, so that what was told .8 is told .17: of requests that
 * nobody would make here most are so, of those that were made one in a hundred (docs/tried.md#what-is-set-by-hand).
 */
export const ELSEWHERE = -3

/**
 * Whether some file holds a third of what the words of the title are worth, or of the whole request: a word is worth its rarity, one that no file
 * holds as much as any can be. Words of requests in general count for nothing; where there are no others, nothing speaks against it. Stops at
 * the first such file, so mostly at the holders of the rarest words.
 */
export function isSpokenOf(question: Question): boolean {
  const { title, terms } = question.request
  return isHeld(title, question) || isHeld([...new Set(terms)], question)
}

function isHeld(terms: readonly string[], { store, worktree, rarity }: Question): boolean {
  const most = Math.log(1 + store.facts.fileCount(worktree))
  const wanted = ENOUGH * terms.reduce((sum, term) => sum + (rarity.get(term) ?? most), 0)
  if (wanted === 0) return true
  const held = new Map<number, number>()
  const known = terms.filter((term) => rarity.has(term)).sort((a, b) => rarity.get(b)! - rarity.get(a)!)
  return known.some((term) => {
    for (const file of store.search.holders(worktree, term)) {
      const worth = (held.get(file) ?? 0) + rarity.get(term)!
      if (worth >= wanted) return true
      held.set(file, worth)
    }
    return false
  })
}

/** Words of the title that no file holds, as they are written. */
export function unknownWords({ title, spelled }: RequestTerms, rarity: Question['rarity']): string[] {
  return [...new Set(title.filter((term) => !rarity.has(term)).map((term) => spelled.get(term) ?? term))]
}
