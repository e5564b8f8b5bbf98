import { WIDEST } from '../../store/history.ts'
import type { RepoPath } from '../../types.ts'
import { titleTerms } from '../request-terms.ts'
import type { Hit, Hits, Question } from '../signal.ts'
import { changedBy } from './past-commits.ts'

const LOOKED_AT = 100 // commits, by BM25
const NEARLY = 0.8 // cosine
const FEWEST_TERMS = 2

/**
 * The files of the one past commit whose subject says nearly what the title says, if there is such a one: they count as a whole, since it did the
 * same kind of thing ('add --pre-glob flag' and 'add --pre flag'). Cosine of terms by their rarity among commits (Salton & McGill 1983).
 * One search, and an index look-up for each term of the subjects that share half of the title's.
 */
export function precedentHits({ store, worktree, request }: Question): Hits {
  const title = withoutNumbers(request.title)
  const commits = store.history.count(worktree)
  const rarities = new Map<string, number>()
  const rarity = (term: string) => {
    const known = rarities.get(term) ?? Math.log(1 + commits / (1 + store.history.countSaying(worktree, term)))
    rarities.set(term, known)
    return known
  }
  const squared = (terms: Iterable<string>) => [...terms].reduce((sum, term) => sum + rarity(term) ** 2, 0)
  let best = { alike: NEARLY, id: 0, subject: '' }
  for (const { id, subject, width } of store.history.similar(worktree, request.title, LOOKED_AT)) {
    if (width > WIDEST) continue
    const said = withoutNumbers(titleTerms(subject))
    const both = [...said].filter((term) => title.has(term))
    if (both.length < Math.max(FEWEST_TERMS, title.size / 2)) continue
    const alike = squared(both) / Math.sqrt(squared(said) * squared(title))
    if (alike > best.alike) best = { alike, id, subject }
  }
  if (best.id === 0) return new Map()
  const hit: Hit = { score: 1, why: () => changedBy(best.subject) }
  return new Map<RepoPath, Hit>(
    store.history
      .pathsOf(worktree, [best])
      .get(best.id)!
      .map((path) => [path, hit]),
  )
}

/** Without the numbers of pull requests. */
function withoutNumbers(terms: readonly string[]): ReadonlySet<string> {
  return new Set(terms.filter((term) => !/^\d+$/.test(term)))
}
