import type { Found } from '../../store/search.ts'
import type { Hits, Question } from '../signal.ts'

const DEPTH = 200
const RAREST = 16 // terms that may explain a hit
const IN_TITLE = 2 // factor for a term of the title, when terms explain a hit
const NAMED = 4
const SHARES = 'shares words with the request'

/**
 * BM25 of the request (Robertson & Zaragoza 2009; SQLite's FTS5 computes it), over bodies and their summaries, and over
 * paths alone: people name files after their content.
 */
export function wordHits(question: Question): { body: Hits; paths: Hits } {
  const { terms } = question.request
  const explain = explainer(question)
  const searches = { body: { terms, fields: { body: 1, summary: 1 } }, paths: { terms, fields: { path: 1 } } }
  const found = question.store.search.findEach(question.worktree, searches, DEPTH)
  const hits = (files: readonly Found[]): Hits =>
    new Map(files.map(({ file, path, score }) => [path, { score, why: () => explain(file) }]))
  return { body: hits(found.body), paths: hits(found.paths) }
}

/**
 * Explains a hit. 'speaks of parser, token': the rarest terms that the file holds, those of the title first. 'its path
 * says bun': those of them that only its path holds. 'its summary says parcel': terms of the title that only its summary
 * holds. Three searches a term, for any number of files.
 */
function explainer({ store, worktree, request, rarity }: Question): (file: number) => string {
  const worth = ([term, rare]: readonly [string, number]) => (request.title.includes(term) ? IN_TITLE : 1) * rare
  const spelled = (term: string) => request.spelled.get(term) ?? term
  const holders = remembering((term) => store.search.holders(worktree, term))
  const textHolders = remembering((term) => store.search.textHolders(worktree, term))
  const summaryHolders = remembering((term) => store.search.summaryHolders(worktree, term))
  const isWord = (term: string) => !request.pieces.has(term)
  const rarest = [...rarity]
    .filter(([term]) => isWord(term))
    .sort((a, b) => worth(b) - worth(a))
    .slice(0, RAREST)
  return (file) => {
    const own = rarest.filter(([term]) => holders(term).has(file)).map(([term]) => term)
    const named = wholes(own.map(spelled)).slice(0, NAMED)
    const inText = own.filter((term) => textHolders(term).has(file)).map(spelled)
    const inSummary = request.title
      .slice(0, RAREST)
      .filter((term) => isWord(term) && summaryHolders(term).has(file) && !holders(term).has(file))
    const parts = [
      { says: 'speaks of', words: named.filter((word) => inText.includes(word)) },
      { says: 'its path says', words: named.filter((word) => !inText.includes(word)) },
      { says: 'its summary says', words: wholes(inSummary.map(spelled)) },
    ].filter(({ words }) => words.length > 0)
    return parts.map(({ says, words }) => `${says} ${words.slice(0, NAMED).join(', ')}`).join('; ') || SHARES
  }
}

function remembering<T>(work: (term: string) => T): (term: string) => T {
  const known = new Map<string, T>()
  return (term) => {
    const value = known.get(term) ?? work(term)
    known.set(term, value)
    return value
  }
}

/** Removes words that are part of an earlier one: 'exp' after 'find_exp'. */
function wholes(words: readonly string[]): string[] {
  const lower = words.map((word) => word.toLowerCase())
  return words.filter((_, at) => !lower.slice(0, at).some((word) => word.includes(lower[at]!)))
}
