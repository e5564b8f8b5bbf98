import type { Hit, Hits, Question } from '../signal.ts'

const MOST_DEFINERS = 6 // files; a name defined in more of them names nothing

/**
 * Files that the request names: `names`, those that define a name, or are the path, that it quotes, the fewer the better; `outright`, those that are
 * the path, or alone define the name. One index look-up a name.
 */
export function nameHits({ store, worktree, request }: Question): { names: Hits; outright: Hits } {
  const names = new Map<string, Hit>()
  const outright = new Map<string, Hit>()
  const add = (path: string, score: number, why: string) => {
    const known = names.get(path)
    names.set(path, { score: (known?.score ?? 0) + score, why: known?.why ?? (() => why) })
    if (score >= 1) outright.set(path, { score: 1, why: () => why })
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
  return { names, outright }
}
