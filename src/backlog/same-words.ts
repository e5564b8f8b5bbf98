import { wordsOf } from './read-items.ts'

/** What decides whether two requests are the same, and which of them is worked on. */
export interface Comparable {
  readonly id: number
  readonly request: string
  readonly state: string
  readonly isApproved: boolean
}

/** Requests that ask for the same, of which one is worked on. */
export interface SameRequests {
  readonly lead: number
  readonly same: readonly number[]
}

/**
 * Finds requests that ask for the same, without a model: their titles have the same words, and their bodies are equal, or one has none.
 * One of them leads: one that was begun, else one that may be drafted, else the longest, else the oldest. Only waiting ones follow it.
 *
 * ids: one of each group is among them. O(items).
 */
export function findSame(items: readonly Comparable[], ids: ReadonlySet<number>): SameRequests[] {
  const byWords = new Map<string, Comparable[]>()
  for (const item of items) {
    const words = wordsOf(item.request)
    if (words !== '') byWords.set(words, [...(byWords.get(words) ?? []), item])
  }
  return [...byWords.values()]
    .filter((group) => group.length > 1 && group.some(({ id }) => ids.has(id)))
    .flatMap((group) => {
      const [lead, ...others] = [...group].sort(byRank)
      const same = others.filter((one) => one.state === 'waiting' && agree(bodyOf(lead!), bodyOf(one)))
      return same.length > 0 ? [{ lead: lead!.id, same: same.map(({ id }) => id) }] : []
    })
}

function byRank(a: Comparable, b: Comparable): number {
  const isBegun = ({ state }: Comparable) => (state === 'waiting' ? 0 : 1)
  return (
    isBegun(b) - isBegun(a) ||
    Number(b.isApproved) - Number(a.isApproved) ||
    bodyOf(b).length - bodyOf(a).length ||
    a.id - b.id
  )
}

function agree(one: string, other: string): boolean {
  return one === '' || other === '' || one === other
}

function bodyOf({ request }: Comparable): string {
  return request.split('\n').slice(1).join('\n').trim()
}
