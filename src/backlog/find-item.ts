import { termsOf } from '../request/words.ts'
import { trimEndOf } from '../text/trim-end.ts'
import { wordsOf } from './read-items.ts'

/** What an item is recognised by. */
export interface Recognisable {
  readonly id: number
  readonly url: string | null
  readonly request: string
}

/**
 * The item that a request names, without a model: by its number ('#3'), its address, or the words of its title. Of several with
 * these words, one that has no body is it. null: none, or several. O(items).
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
  return same.find((item) => !item.request.includes('\n')) ?? null // the title is all that it asks for
}

/** Whether a request is only a number ('#3') or an address: it names an item, and says nothing of its own. */
export function isReference(request: string): boolean {
  return /^(#\d{1,9}|https?:\/\/\S+)$/.test(request.trim())
}

/** The items whose titles share most with a request, the nearest first. Terms that many titles have count less. O(terms). */
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
