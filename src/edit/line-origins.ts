/** For each line of a text (from 0), its line number in the text before the batch (from 1); null: the batch added it. */
export type Origins = readonly (number | null)[]

export function originsOf(text: string): Origins {
  return text.split('\n').map((_, i) => i + 1)
}

/** The origins after an edit. Lines above and below the change keep theirs; changed lines keep theirs by position. Linear. */
export function followLines(origins: Origins, from: string, to: string): Origins {
  const [old, now] = [from.split('\n'), to.split('\n')]
  const most = Math.min(old.length, now.length)
  let head = 0
  while (head < most && old[head] === now[head]) head++
  let tail = 0
  while (tail < most - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++
  const changed = now.slice(head, now.length - tail)
  const isInPlace = old.length === now.length
  return [
    ...origins.slice(0, head),
    ...changed.map((line, i) => (isInPlace && old[head + i] === line ? origins[head + i]! : null)),
    ...origins.slice(old.length - tail),
  ]
}
