import type { RequestTerms } from '../request/request-terms.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'
import { fade } from './signals/fade.ts'

/** A past change that is like a request. */
export interface Precedent {
  readonly subject: string
  /** All files that it changed and that are still there, by today's paths. */
  readonly paths: readonly RepoPath[]
}

const FEWEST = 3 // files; a smaller change shows no more than the list of files does
const MOST = 30
const LEAST = 1 / 3 // share of the title's summed rarity that the words in common must have
const LOOKED_AT = 20 // commits

/**
 * The past change whose subject is most like a title: each word in common counts by its rarity (IDF), and older commits count less. null: no
 * subject is like enough. One index look-up a word, and the paths of at most twenty commits.
 */
export function precedentOf({ title }: Pick<RequestTerms, 'title'>, store: Store, worktree: number): Precedent | null {
  const commits = store.history.count(worktree)
  const said = title.map((term) => store.history.commitsSaying(worktree, term))
  const rarities = said.map((found) => Math.log(1 + commits / (found.length + 1)))
  const most = rarities.reduce((sum, rarity) => sum + rarity, 0)
  const scores = new Map<number, { id: number; share: number; score: number }>()
  said.forEach((found, i) => {
    for (const { id, position } of found) {
      const share = (scores.get(id)?.share ?? 0) + rarities[i]! / most
      scores.set(id, { id, share, score: share * fade(position) })
    }
  })
  const best = [...scores.values()].filter(({ share }) => share >= LEAST).sort((a, b) => b.score - a.score)
  const pathsOf = store.history.pathsOf(worktree, best.slice(0, LOOKED_AT))
  for (const { id } of best.slice(0, LOOKED_AT)) {
    const all = pathsOf.get(id) ?? []
    const paths = all.filter((path) => store.facts.file(worktree, path))
    if (all.length <= MOST && paths.length >= FEWEST)
      return { subject: store.history.newestSubject(worktree, [id]), paths }
  }
  return null
}
