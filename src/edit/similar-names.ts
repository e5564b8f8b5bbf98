const LONGEST = 80 // characters: the names of a repository are compared in the square of it

/**
 * Names that a misspelt one may mean, closest first: at most `most`, each with an edit distance of at most a third of its length. None for
 * a name of more than 80 characters.
 */
export function similarNames(name: string, known: Iterable<string>, most: number): string[] {
  if (name.length > LONGEST) return []
  const limit = Math.max(2, Math.floor(name.length / 3))
  const scored: { name: string; distance: number }[] = []
  for (const one of known) {
    if (Math.abs(one.length - name.length) > limit) continue
    const distance = editDistance(name.toLowerCase(), one.toLowerCase())
    if (distance <= limit) scored.push({ name: one, distance })
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return scored.slice(0, most).map((one) => one.name)
}

/** Levenshtein 1965. O(a x b). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    above = row
  }
  return above[b.length]!
}
