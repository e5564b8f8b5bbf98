import type { RepoPath } from '../../types.ts'
import type { Hit, Hits, Question } from '../signal.ts'
import { nameWorth } from './name-worth.ts'

const TITLE_WEIGHT = 2

/**
 * The definition of each file whose name says most of the request. paths: the files to look at.
 * A name's score is the rarity of the request's terms in it, damped by its length. Linear in the definitions of these files.
 */
export function symbolHits({ store, worktree, request, rarity }: Question, paths: Iterable<RepoPath>): Hits {
  const inTitle = new Set(request.title)
  const worthOf = nameWorth(
    new Map([...rarity].map(([term, rare]) => [term, rare * (inTitle.has(term) ? TITLE_WEIGHT : 1)])),
  )
  const hits = new Map<RepoPath, Hit>()
  for (const path of paths) {
    let best = { score: 0, name: '' }
    for (const name of store.facts.symbolNames(worktree, path)) {
      const score = worthOf(name)
      if (score > best.score) best = { score, name }
    }
    if (best.score > 0) hits.set(path, { score: best.score, why: () => `defines ${best.name}` })
  }
  return hits
}
