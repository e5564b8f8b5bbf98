import { shownPath } from '../../paths.ts'
import type { RepoPath } from '../../types.ts'
import { type Hits, hitsOfParts, type Question } from '../signal.ts'
import { nameWorth } from './name-worth.ts'

const MOST_DEFINITIONS = 4 // files; a name that more files define identifies none of them
const MOST_USERS = 60 // files; a name that more files use says nothing about one of them
const MOST_NAMES = 10 // of a seed; those that match the request best come first
// A name means the same in languages that are linked or compiled together.
const TOGETHER = [
  /\.([cm]?[jt]sx?|vue|svelte|astro)$/,
  /\.([ch]|cc|cpp|cxx|c\+\+|hh|hpp|hxx|h\+\+|ipp|inl|tpp)$/,
  /\.(java|scala|sc|kts?|groovy)$/,
  /\.pyi?$/,
  /\.(rb|rake|gemspec)$/,
  /\.(sh|bash)$/,
]
const ANY = 0.3 // weight of a name that does not match the request; the best match adds 1

/**
 * Files that use names of the seeds, and files that define names that the seeds use, within a language family. This is
 * the call graph by name; imports show only a part of it (not Go's packages, Java's packages, or members). A name that
 * few files share weighs more (specificity, Robillard 2005), and so does a name that matches the request.
 *
 * seeds: paths with weights above 0. One index look-up a name.
 */
export function useHits({ store, worktree, rarity }: Question, seeds: ReadonlyMap<RepoPath, number>): Hits {
  const hits = hitsOfParts()
  const said = nameWorth(rarity)
  for (const [seed, weight] of seeds) {
    for (const [names, isUser] of [
      [store.facts.namesDefined(worktree, seed), true],
      [store.facts.namesUsed(worktree, seed), false],
    ] as const) {
      const worth = names
        .map((name) => [name, said(name)] as const)
        .filter(([, one]) => isUser || one > 0)
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, MOST_NAMES)
      const most = Math.max(1e-9, ...worth.map(([, one]) => one))
      const shares = worth.map(([name, one]) => [name, ANY + one / most] as const)
      const total = shares.reduce((sum, [, one]) => sum + one, 0)
      for (const [name, share] of shares) {
        const definers = store.facts.definersOf(worktree, name, MOST_DEFINITIONS + 1)
        if (definers.length === 0 || definers.length > MOST_DEFINITIONS) continue
        const others = isUser ? store.facts.usersOf(worktree, name, MOST_USERS + 1) : definers
        if (others.length > MOST_USERS) continue
        const value = (weight * share) / total / definers.length / Math.sqrt(others.length)
        const why = () =>
          isUser ? `uses ${name}, a name of ${shownPath(seed)}` : `defines ${name}, a name that ${shownPath(seed)} uses`
        for (const path of others) if (path !== seed && mayUse(path, seed)) hits.add(path, value, why)
      }
    }
  }
  return hits.best()
}

/** Whether two files can share names. A script without an ending may be of any language. */
function mayUse(one: RepoPath, other: RepoPath): boolean {
  const [mine, theirs] = [one, other].map((path) => /\.[^./]+$/.exec(path)?.[0].toLowerCase())
  if (mine === undefined || theirs === undefined || mine === theirs) return true
  return TOGETHER.some((family) => family.test(mine) && family.test(theirs))
}
