import type { Hit, Hits, Question } from '../signal.ts'

const DEPTH = 400
const EXPLAINED = 40 // hits whose words are named
const WORDS = 4

/** BM25 over paths, identifiers, comments, summaries and bodies (Robertson & Zaragoza 2009; SQLite's FTS5 computes it). */
export function wordHits({ store, worktree, request }: Question): Hits {
  const hits = new Map<string, Hit>()
  const rarest = rarestTerms({ store, worktree, request })
  store.search.find(worktree, request.terms, DEPTH).forEach(({ file, path, score }, rank) => {
    const held =
      rank < EXPLAINED ? rarest.filter((term) => store.search.holds(worktree, file, term)).slice(0, WORDS) : []
    hits.set(path, {
      score,
      why:
        held.length > 0
          ? `speaks of ${held.map((term) => request.spelled.get(term) ?? term).join(', ')}`
          : 'shares words with the request',
    })
  })
  return hits
}

/** The request's terms by rarity among the files. */
function rarestTerms({ store, worktree, request }: Question): string[] {
  return [...new Set(request.terms)]
    .map((term) => ({ term, frequency: store.search.frequency(worktree, term) }))
    .filter(({ frequency }) => frequency > 0)
    .sort((a, b) => a.frequency - b.frequency)
    .slice(0, 10)
    .map(({ term }) => term)
}
