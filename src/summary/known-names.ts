import type { Store } from '../store/open-store.ts'

/**
 * Tells whether a working tree has a definition, use, file or folder of a name or path: 'Cart', 'Cart.total',
 * 'src/cart.ts', 'cart.ts', 'src/tax/', 'tax'. Names are found by the index, and paths in a list made at the first
 * question. Answers are cached.
 */
export function knownNames(store: Store, worktree: number): (name: string) => boolean {
  const answers = new Map<string, boolean>()
  let paths: Set<string> | undefined
  const isPath = (name: string) => {
    paths ??= tailsOf(store.facts.files(worktree).map((file) => file.path))
    return paths.has(name.replace(/^\.\//, '').replace(/\/$/, '').toLowerCase())
  }
  const isDefined = (name: string) => {
    const last = name.slice(name.lastIndexOf('.') + 1)
    return store.facts
      .symbolsNamed(worktree, last)
      .some((symbol) => symbol.name === name || symbol.qualified === name || symbol.qualified.endsWith(`.${name}`))
  }
  return (name) => {
    let answer = answers.get(name)
    if (answer === undefined) {
      answer = name !== '' && (isDefined(name) || isPath(name) || store.facts.isUsed(worktree, name))
      answers.set(name, answer)
    }
    return answer
  }
}

/** Every path and folder in lower case, and each part of it that follows a '/'; file names also without their ending. */
function tailsOf(paths: readonly string[]): Set<string> {
  const tails = new Set<string>()
  for (const path of paths) {
    const parts = path.toLowerCase().split('/')
    for (let end = 1; end <= parts.length; end++) {
      for (let start = 0; start < end; start++) tails.add(parts.slice(start, end).join('/'))
    }
    const stem = parts.at(-1)!.replace(/\.[^.]+$/, '')
    if (stem) tails.add(stem)
  }
  return tails
}
