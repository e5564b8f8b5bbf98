const LONGEST = 80 // characters: the names of a repository are compared in the square of it

/**
 * Names that a misspelt one may mean, closest first: at most `most`, each with an edit distance of at most a third of its length. None for
 * a name of more than 80 characters.
 */
export function similarNames(name: string, known: Iterable<string>, most: number): string[] {
  if (name.length > LONGEST) return []
  const limit = Math.max(2, Math.floor(name.length / 3))
  const wanted = name.toLowerCase()
  const scored: { name: string; distance: number }[] = []
  for (const one of known) {
    if (Math.abs(one.length - name.length) > limit) continue
    const distance = editDistance(wanted, one.toLowerCase(), limit)
    if (distance <= limit) scored.push({ name: one, distance })
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return scored.slice(0, most).map((one) => one.name)
}

/** Levenshtein 1965; infinite above `most`. O(a x b), less for texts that are not alike. */
function editDistance(a: string, b: string, most: number): number {
  const row = new Uint16Array(b.length + 1).map((_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    let before = row[0]!
    let least = i
    row[0] = i
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1
      row[j] = Math.min(above + 1, row[j - 1]! + 1, before + same)
      before = above
      least = Math.min(least, row[j]!)
    }
    if (least > most) return Number.POSITIVE_INFINITY
  }
  return row[b.length]!
}
