import { countEach } from '../../groups.ts'
import { termsOf } from '../../request/words.ts'
import type { Arm } from '../arm.ts'
import { nameFirst } from '../name-first.ts'

/** The baseline of a look at the file tree: words of the request in paths, weighted by rarity. Linear in the files. */
export const paths: Arm = {
  id: 'paths',
  text: 'words of the request in paths',
  rank(request, { store, worktree }) {
    const files = store.facts
      .readableFiles(worktree)
      .map(({ path }) => ({ path, terms: termsOf(path) }))
      .map(({ path, terms }) => ({ path, terms: new Set(terms), length: terms.length }))
    const scores = new Map<string, number>()
    for (const [term, count] of countEach(request.terms.terms)) {
      const holding = files.filter(({ terms }) => terms.has(term))
      const rarity = Math.log(1 + files.length / (1 + holding.length))
      for (const { path, length } of holding)
        scores.set(path, (scores.get(path) ?? 0) + (count * rarity) / Math.sqrt(length))
    }
    return nameFirst(scores)
  },
}
