import { isSource } from '../../paths.ts'
import type { RepoPath } from '../../types.ts'
import { type Names, spelledTogether } from '../request-terms.ts'
import type { Hit, Hits, State } from '../signal.ts'

const MOST_SOURCES = 3 // a name that more source files have names none of them
const FOR_FOLDER = /^(index|mod|main|lib|init|test|tests|spec)$/ // such files stand for their folder; init: __init__.py

/**
 * Files that are called what the request calls something: 'startOfMinute' is src/startOfMinute/index.ts, 'no-unused-vars' is
 * lib/rules/no-unused-vars.js. One search of paths a name.
 */
export function namesakeHits({ store, worktree }: State, names: Names): Hits {
  const hits = new Map<RepoPath, Hit>()
  for (const [name, { terms, written }] of names) {
    const found = store.search.inPath(worktree, terms).filter((path) => isCalled(path, name))
    const sources = found.filter(isSource).length
    if (sources > MOST_SOURCES) continue
    for (const path of found) {
      const known = hits.get(path)
      const score = (known?.score ?? 0) + 1 / Math.max(1, sources)
      hits.set(path, { score, why: known?.why ?? (() => `is called ${written}`) })
    }
  }
  return hits
}

function isCalled(path: RepoPath, name: string): boolean {
  const parts = path.split('/')
  const file = parts.at(-1)!
  const folder = parts.at(-2) ?? ''
  const own = spelledTogether(file.replace(/(?!^)\..*$/, ''))
  return own === name || (FOR_FOLDER.test(own) && spelledTogether(folder) === name)
}
