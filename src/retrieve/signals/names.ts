import type { Hit, Hits, Question } from '../signal.ts'

const MOST_DEFINERS = 6 // files; a name defined in more of them names nothing

/** Files that define a name, or are the path, that the request quotes. One index look-up a name. */
export function nameHits({ store, worktree, request }: Question): Hits {
  const hits = new Map<string, Hit>()
  const add = (path: string, score: number, why: string) => {
    const known = hits.get(path)
    hits.set(path, { score: (known?.score ?? 0) + score, why: known?.why ?? (() => why) })
  }
  for (const quoted of request.quoted) {
    if (quoted.includes('/') || quoted.includes('.')) {
      if (store.facts.file(worktree, quoted)) add(quoted, 2, `is named in the request`)
    }
    const name = quoted.slice(Math.max(quoted.lastIndexOf('.'), quoted.lastIndexOf('/')) + 1)
    const definers = store.facts.definersOf(worktree, name, MOST_DEFINERS + 1)
    if (definers.length > MOST_DEFINERS) continue
    for (const path of definers) add(path, 1 / definers.length, `defines ${name}`)
  }
  return hits
}
