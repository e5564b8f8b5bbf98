/** What an item may share with others, with weights at or above 0. */
export type Features = ReadonlyMap<string, number>

/**
 * Groups what is alike: agglomerative clustering by average cosine, until no two groups are on average as alike as `least`.
 *
 * Returns positions in `items`, each once. Nearest-neighbour chains (Murtagh 1983): O(n^2) time and memory, n^2 cosines;
 * 600 items take about half a second and 1.5 MB. Deterministic: of equals the earlier is taken.
 */
export function cluster(items: readonly Features[], least: number): number[][] {
  const n = items.length
  const alike = similarities(items)
  const groups = new Map<number, number[]>(items.map((_, i) => [i, [i]]))
  const open = new Set(groups.keys()) // groups that may still be merged
  const chain: number[] = [] // each but the first is the nearest of the one before; a merge brings nothing nearer, so what is left of it holds
  while (open.size > 1) {
    if (chain.length === 0) chain.push(open.values().next().value!)
    const top = chain.at(-1)!
    const before = chain.at(-2)
    let nearest = before ?? -1 // of equals the one before: else the chain could run in a circle
    for (const other of open)
      if (other !== top && (nearest < 0 || alike[top * n + other]! > alike[top * n + nearest]!)) nearest = other
    if (nearest < 0 || alike[top * n + nearest]! < least) {
      open.delete(top) // it stays as it is: merging others makes none of them more like it
      chain.pop()
    } else if (nearest === before) {
      chain.splice(-2)
      merge(top, nearest)
    } else chain.push(nearest)
  }
  return [...groups.values()]

  function merge(a: number, b: number): void {
    const [into, from] = a < b ? [a, b] : [b, a]
    const [here, there] = [groups.get(into)!, groups.get(from)!]
    for (const other of open) {
      const both = here.length * alike[into * n + other]! + there.length * alike[from * n + other]!
      alike[into * n + other] = alike[other * n + into] = both / (here.length + there.length)
    }
    groups.set(into, [...here, ...there])
    groups.delete(from)
    open.delete(from)
  }
}

/** Cosine of each two items, as an n x n matrix. */
function similarities(items: readonly Features[]): Float64Array {
  const n = items.length
  const alike = new Float64Array(n * n)
  const holders = new Map<string, { at: number; weight: number }[]>()
  items.forEach((item, at) => {
    const length = Math.sqrt([...item.values()].reduce((sum, weight) => sum + weight * weight, 0)) || 1
    for (const [key, weight] of item) {
      const others = holders.get(key) ?? []
      for (const other of others) alike[other.at * n + at]! += (other.weight * weight) / length
      others.push({ at, weight: weight / length })
      holders.set(key, others)
    }
  })
  for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) alike[a * n + b] = alike[b * n + a]!
  return alike
}
