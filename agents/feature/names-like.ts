import { similarNames } from '../../src/edit/similar-names.ts'
import type { WorkingTree } from '../../src/retrieve/signal.ts'
import type { NamesLike } from './find-hits.ts'

const MOST = 5
const KNOWN = 50_000 // names to compare: takes a moment

/**
 * Definitions in the index with names similar to a word: in other case, containing it, or misspelt. The names are read once, on the
 * first call.
 */
export function namesLike({ store, worktree }: WorkingTree): NamesLike {
  let known: readonly string[] | undefined
  return (word) => {
    known ??= store.facts.definedNames(worktree, KNOWN)
    const small = word.toLowerCase()
    const holding = known
      .filter((name) => name.toLowerCase().includes(small) && name.length < 3 * word.length)
      .sort((a, b) => a.length - b.length)
    const names = [...new Set([...holding, ...similarNames(word, known, MOST)])].slice(0, MOST)
    return names.flatMap((name) => store.facts.definersOf(worktree, name, 1).map((path) => ({ name, path })))
  }
}
