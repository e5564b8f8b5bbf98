import { kindOfPath } from '../../paths.ts'
import { type Field, SEARCH_WEIGHTS } from '../../store/search.ts'
import type { Hits, Question } from '../signal.ts'

const DEPTH = 400
const EXPLAINED = 40 // hits of each search, source files and others each, whose words are named
const RAREST = 10 // terms looked for in a file to explain it
const NAMED = 4

/**
 * BM25 (Robertson & Zaragoza 2009; SQLite's FTS5 computes it) of
 * - the title over all fields, a hit in the path or in a name counting more;
 * - the whole request over bodies alone: where it is spoken of at all;
 * - the whole request over paths alone: the names that people gave to places;
 * - words that stand side by side in the request, written as one: `heroImage`.
 */
export function wordHits(question: Question): { title: Hits; body: Hits; paths: Hits; compounds: Hits } {
  const { title, terms, compounds } = question.request
  const told = new Map<number, string>()
  const search = (asked: readonly string[], fields: Partial<Record<Field, number>>): Hits => {
    const places = { source: 0, other: 0 }
    return new Map(
      question.store.search.find(question.worktree, asked, DEPTH, fields).map(({ file, path, score }) => {
        const place = places[kindOfPath(path) === 'source' ? 'source' : 'other']++
        return [path, { score, why: () => explain(question, file, place, told) }]
      }),
    )
  }
  return {
    title: search(title, SEARCH_WEIGHTS),
    body: search(terms, { body: 1 }),
    paths: search(terms, { path: 1 }),
    compounds: search(compounds, SEARCH_WEIGHTS),
  }
}

/** 'speaks of parser, token': the rarest terms that the file holds. One index look-up a term, once a file. */
function explain(
  { store, worktree, request, rarity }: Question,
  file: number,
  place: number,
  told: Map<number, string>,
) {
  const known = told.get(file)
  if (known !== undefined) return known
  if (place >= EXPLAINED) return 'shares words with the request'
  const rarest = [...rarity].sort((a, b) => b[1] - a[1]).slice(0, RAREST)
  const held = rarest.filter(([term]) => store.search.holds(worktree, file, term)).slice(0, NAMED)
  const words = held.map(([term]) => request.spelled.get(term) ?? term)
  const text = words.length > 0 ? `speaks of ${words.join(', ')}` : 'shares words with the request'
  told.set(file, text)
  return text
}
