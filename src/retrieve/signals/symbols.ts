import type { RepoPath } from '../../types.ts'
import { termsOf } from '../../words.ts'
import type { Hit, Hits, Question } from '../signal.ts'

const TITLE_WEIGHT = 2

/**
 * The definition of each file whose name says most of the request. paths: the files to look at.
 * A name's score is the rarity of the request's terms in it, damped by its length. Linear in the definitions of these files.
 */
export function symbolHits({ store, worktree, request, rarity }: Question, paths: Iterable<RepoPath>): Hits {
  const inTitle = new Set(request.title)
  const hits = new Map<RepoPath, Hit>()
  for (const path of paths) {
    let best = { score: 0, name: '' }
    for (const name of store.facts.symbolNames(worktree, path)) {
      const terms = new Set(termsOf(name))
      let sum = 0
      for (const term of terms) sum += (rarity.get(term) ?? 0) * (inTitle.has(term) ? TITLE_WEIGHT : 1)
      const score = sum / Math.sqrt(1 + terms.size)
      if (score > best.score) best = { score, name }
    }
    if (best.score > 0) hits.set(path, { score: best.score, why: () => `defines ${best.name}` })
  }
  return hits
}
