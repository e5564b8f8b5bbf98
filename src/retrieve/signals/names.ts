import type { Store } from '../../store/open-store.ts'
import type { RepoPath } from '../../types.ts'
import { stem, termsOf } from '../../words.ts'
import type { Hit, Hits, Question } from '../signal.ts'

const MOST_DEFINERS = 6 // files; a name defined in more of them names nothing
const EVERYWHERE = Math.log(1 + 4) // rarity of a word that a quarter of all files hold: the name of the project
const CLASS = /^\p{Lu}\w*\p{Ll}/u // 'Lint/UselessMethod', 'Shop\Cart'
const FILE =
  /\.([cm]?[jt]sx?|json[c5]?|ya?ml|toml|lock|mdx?|rst|txt|html?|s?css|less|py|pyi|go|rs|rb|php|java|kt|cs|swift|scala|sh|vue|svelte|xml|csv|ini|cfg|env|svg|png)$/i

/**
 * Files that the request names: `names`, those that define a name, or are the path, that it quotes, the fewer the better; `outright`, those that are
 * the path, or alone define the name. One index look-up a name.
 */
export function nameHits({ store, worktree, request, rarity }: Question): { names: Hits; outright: Hits } {
  const names = new Map<RepoPath, Hit>()
  const outright = new Map<RepoPath, Hit>()
  const add = (path: RepoPath, score: number, isOnly: boolean, why: string) => {
    const known = names.get(path)
    names.set(path, { score: (known?.score ?? 0) + score, why: known?.why ?? (() => why) })
    if (isOnly && !outright.has(path)) outright.set(path, { score: 1, why: () => why })
  }
  for (const quoted of request.quoted) {
    const meant = /[/.]/.test(quoted) ? filesAt(quoted, store, worktree) : []
    for (const path of meant) add(path, 2 / meant.length, meant.length === 1, 'is named in the request')
    if (meant.length > 0 || FILE.test(quoted) || /[^\w$./-]/.test(quoted)) continue // a path, if anything
    const name = quoted.slice(Math.max(quoted.lastIndexOf('.'), quoted.lastIndexOf('/')) + 1)
    if (quoted.includes('/') && !CLASS.test(name)) continue
    if (/^[a-z]+$/.test(name) && (rarity.get(stem(name)) ?? EVERYWHERE) < EVERYWHERE) continue // `run` the program
    const definers = store.facts.definersOf(worktree, name, MOST_DEFINERS + 1)
    if (definers.length > MOST_DEFINERS) continue
    for (const path of definers) add(path, 1 / definers.length, definers.length === 1, `defines ${name}`)
  }
  return { names, outright }
}

/** The files that a path means: 'src/a.ts' itself, which '/home/me/work/src/a.ts' of a stack trace is too; else those that 'a.ts' or 'lib/a.ts' of '/usr/lib/a.ts' ends, if they are few. */
function filesAt(written: string, store: Store, worktree: number): readonly RepoPath[] {
  const parts = written.split('/')
  for (let from = 0; from < Math.max(1, parts.length - 1); from++) {
    const path = parts.slice(from).join('/')
    if (store.facts.file(worktree, path)) return [path]
  }
  if (!/\.\w+$/.test(written)) return []
  const named = store.search.inPath(worktree, termsOf(parts.at(-1)!))
  for (let from = 0; from < Math.max(1, parts.length - 1); from++) {
    const end = `/${parts.slice(from).join('/')}`
    const ending = named.filter((path) => path.endsWith(end))
    if (ending.length > 0) return ending.length > MOST_DEFINERS ? [] : ending
  }
  return []
}
