import { termFinder, termsOf } from '../../request/words.ts'

/**
 * Returns a function that measures how well a name matches a request: the sum of the weights of its terms, each once,
 * damped by their number; 0: no match. worths: weights by term.
 */
export function nameWorth(worths: ReadonlyMap<string, number>): (name: string) => number {
  const find = termFinder(worths)
  return (name) => {
    if (find(name).length === 0) return 0 // most names: this saves splitting them
    const terms = new Set(termsOf(name))
    let sum = 0
    for (const term of terms) sum += worths.get(term) ?? 0
    return sum / Math.sqrt(1 + terms.size)
  }
}
