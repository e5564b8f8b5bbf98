import { termFinder, termsOf } from '../../request/words.ts'

/** Tells how much of a request a name says: the sum of the worths of its terms, each once, damped by how many it has. 0: nothing. worths: by term. */
export function nameWorth(worths: ReadonlyMap<string, number>): (name: string) => number {
  const find = termFinder(worths)
  return (name) => {
    if (find(name).length === 0) return 0 // most names: they are not split
    const terms = new Set(termsOf(name))
    let sum = 0
    for (const term of terms) sum += worths.get(term) ?? 0
    return sum / Math.sqrt(1 + terms.size)
  }
}
