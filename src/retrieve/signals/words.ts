import { type Found, SEARCH_WEIGHTS } from '../../store/search.ts'
import type { Hits, Question } from '../signal.ts'

const DEPTH = 200
const RAREST = 16 // terms looked for in a file to explain it
const IN_TITLE = 2 // how much more a term of the title explains
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
  const explain = explainer(question)
  const searches = {
    title: { terms: title, fields: SEARCH_WEIGHTS },
    body: { terms, fields: { body: 1 } },
    paths: { terms, fields: { path: 1 } },
    compounds: { terms: compounds, fields: SEARCH_WEIGHTS },
  }
  const found = question.store.search.findEach(question.worktree, searches, DEPTH)
  const hits = (files: readonly Found[]): Hits =>
    new Map(files.map(({ file, path, score }) => [path, { score, why: () => explain(file) }]))
  return {
    title: hits(found.title),
    body: hits(found.body),
    paths: hits(found.paths),
    compounds: hits(found.compounds),
  }
}

/** 'speaks of parser, token': the rarest terms that a file holds, those of the title first. One search a term, however many files are explained. */
function explainer({ store, worktree, request, rarity }: Question): (file: number) => string {
  const worth = ([term, rare]: readonly [string, number]) => (request.title.includes(term) ? IN_TITLE : 1) * rare
  let rarest: { readonly word: string; readonly holders: ReadonlySet<number> }[] | undefined
  return (file) => {
    rarest ??= [...rarity]
      .sort((a, b) => worth(b) - worth(a))
      .slice(0, RAREST)
      .map(([term]) => ({ word: request.spelled.get(term) ?? term, holders: store.search.holders(worktree, term) }))
    const words = wholes(rarest.filter(({ holders }) => holders.has(file)).map(({ word }) => word))
    return words.length > 0 ? `speaks of ${words.slice(0, NAMED).join(', ')}` : 'shares words with the request'
  }
}

/** Without those that stand in one before them: 'exp' of 'find_exp'. */
function wholes(words: readonly string[]): string[] {
  const lower = words.map((word) => word.toLowerCase())
  return words.filter((_, at) => !lower.slice(0, at).some((word) => word.includes(lower[at]!)))
}
