import { isSource } from '../../paths.ts'
import { coChangeHits } from '../../retrieve/signals/co-change.ts'
import type { Arm } from '../arm.ts'
import { nameFirst } from '../name-first.ts'

const DEPTH = 400
const SEEDS = 8
const WEIGHT = 0.5 // of co-change against full text, each divided by its largest score

/** Full text, and files that often changed together with its first hits. */
export const bm25CoChange: Arm = {
  id: 'bm25+cochange',
  text: 'full text, and what changed together with its first hits',
  rank(request, { store, worktree }) {
    const { terms } = request
    const found = store.search.find(worktree, terms.terms, DEPTH)
    const best = found[0]?.score ?? 1
    const first = found.filter(({ path }) => isSource(path)).slice(0, SEEDS)
    const total = first.reduce((sum, { score }) => sum + score, 0)
    const seeds = new Map(first.map(({ path, score }) => [path, score / total]))
    const together = coChangeHits({ store, worktree }, seeds)
    const most = Math.max(0, ...[...together.values()].map(({ score }) => score))
    const scores = new Map(found.map(({ path, score }) => [path, score / best]))
    for (const [path, { score }] of together)
      if (store.facts.isReadable(worktree, path)) scores.set(path, (scores.get(path) ?? 0) + (WEIGHT * score) / most)
    return nameFirst(scores)
  },
}
