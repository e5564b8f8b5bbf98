import { termsOf } from '../request/words.ts'
import { trimEndOf } from '../text/trim-end.ts'
import { wordsOf } from './read-items.ts'

/** The parts of an item by which a request can name it. */
export interface Recognisable {
  readonly id: number
  readonly url: string | null
  readonly request: string
}

/**
 * The item that a request names by its number ('#3'), its address, or the words of its title. Calls no model. If several items have
 * these words, the one without a body is meant. null: no item is meant, or several are. O(items).
 */
export function findItem<Item extends Recognisable>(request: string, items: readonly Item[]): Item | null {
  const text = request.trim()
  const id = /^#(\d{1,9})$/.exec(text)?.[1]
  if (id !== undefined) return items.find((item) => item.id === Number(id)) ?? null
  if (/^https?:\/\/\S+$/.test(text)) return items.find(({ url }) => url === trimEndOf(text, '/#?')) ?? null
  if (text.includes('\n')) return items.find((item) => item.request === text) ?? null // a body may ask for more than the title
  const words = wordsOf(text)
  const same = words === '' ? [] : items.filter((item) => wordsOf(item.request) === words)
  if (same.length === 1) return same[0]!
  return same.find((item) => !item.request.includes('\n')) ?? null // it asks for its title and nothing else
}

/** Whether a request is only a number ('#3') or an address, so that the item has to say what is wanted. */
export function isReference(request: string): boolean {
  return /^(#\d{1,9}|https?:\/\/\S+)$/.test(request.trim())
}

/** The items whose titles share most terms with a request, best first. A term weighs less if many titles have it. O(terms). */
export function nearestItems<Item extends Recognisable>(request: string, items: readonly Item[], most: number): Item[] {
  const asked = new Set(termsOf(wordsOf(request)))
  const titles = items.map((item) => new Set(termsOf(wordsOf(item.request))))
  const holders = new Map<string, number>()
  for (const title of titles) for (const term of title) holders.set(term, (holders.get(term) ?? 0) + 1)
  const weight = (term: string) => Math.log(1 + items.length / holders.get(term)!)
  const near = titles.map((title) => [...title].reduce((sum, term) => sum + (asked.has(term) ? weight(term) : 0), 0))
  const order = items.map((_, i) => i).sort((a, b) => near[b]! - near[a]! || a - b)
  return order.slice(0, most).map((i) => items[i]!)
}
