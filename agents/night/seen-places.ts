import { git, splitNul } from '../../src/repo/git.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { CodeSymbol, RepoPath } from '../../src/types.ts'
import { parseLooks } from '../feature/parse-looks.ts'

const MOST_LOOKS = 1000 // one of `looks` may name many places

/**
 * The places that an agent has seen, as lines of `head`: 'src/a.ts:1-9', or a path for a whole file. looks: 'src/a.ts#f', 'src/a.ts:1-9',
 * 'search x'. A definition of a file with uncommitted changes counts as its whole file, since the facts have the lines of the working tree.
 * Searches and folders are left out: their result changes with any file.
 */
export async function seenPlaces(
  root: string,
  head: string,
  { facts }: Store,
  worktree: number,
  looks: readonly string[],
): Promise<readonly string[]> {
  const dirty = new Set(splitNul(await git(root, ['diff-index', '--name-only', '--no-renames', '-z', head])))
  const known = new Map<RepoPath, readonly CodeSymbol[]>()
  const places = looks
    .flatMap((look) => parseLooks(`open ${look}`, []))
    .slice(0, MOST_LOOKS)
    .flatMap((look) => {
      if (look.kind !== 'open' || !facts.isReadable(worktree, look.path)) return []
      const { path, symbol } = look
      const lines = symbol === undefined ? look.lines : linesOf(path, symbol)
      return [lines && (symbol === undefined || !dirty.has(path)) ? `${path}:${lines.first}-${lines.last}` : path]
    })
  return [...new Set(places)]

  function linesOf(path: RepoPath, symbol: string) {
    const symbols = known.get(path) ?? facts.symbols(worktree, path)
    known.set(path, symbols)
    return (symbols.find(({ qualified }) => qualified === symbol) ?? symbols.find(({ name }) => name === symbol))?.lines
  }
}
