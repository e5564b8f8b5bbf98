import { stem, termsOf } from '../../request/words.ts'
import type { RepoPath } from '../../types.ts'
import type { Hit, Hits, Question } from '../signal.ts'

const EVERYWHERE = Math.log(1 + 4) // rarity of a word that a quarter of all files hold, such as the project's name
const CLASS = /^\p{Lu}\w*\p{Ll}/u // 'Lint/UselessMethod'
const FILE =
  /\.([cm]?[jt]sx?|json[c5]?|ya?ml|toml|lock|mdx?|rst|txt|html?|s?css|less|py|pyi|go|rs|rb|php|java|kt|cs|swift|scala|sh|vue|svelte|xml|csv|ini|cfg|env|svg|png)$/i

/** Files that the request names: the only file of a quoted path, and the only file that defines a quoted name. One index look-up a name. */
export function outrightHits(question: Question): Hits {
  const { store, worktree, request, rarity } = question
  const hits = new Map<RepoPath, Hit>()
  for (const quoted of request.quoted) {
    const meant = /[/.]/.test(quoted) ? fileAt(quoted, question) : undefined
    if (meant !== undefined) hits.set(meant, { score: 1, why: () => 'is named in the request' })
    if (meant !== undefined || FILE.test(quoted) || /[^\w$./-]/.test(quoted)) continue // it is no name
    const name = quoted.slice(Math.max(quoted.lastIndexOf('.'), quoted.lastIndexOf('/')) + 1)
    if (quoted.includes('/') && !CLASS.test(name)) continue
    if (/^[a-z]+$/.test(name) && (rarity.get(stem(name)) ?? EVERYWHERE) < EVERYWHERE) continue // a common word, such as `run`
    const [definer, other] = store.facts.definersOf(worktree, name, 2)
    if (definer && !other && !hits.has(definer)) hits.set(definer, { score: 1, why: () => `defines ${name}` })
  }
  return hits
}

/**
 * The file that a path means: 'src/a.ts' itself, also at the end of '/home/me/work/src/a.ts' in a stack trace;
 * otherwise the only file whose path ends with 'a.ts', or with 'lib/a.ts' of '/usr/lib/a.ts'.
 */
function fileAt(written: string, { store, worktree }: Question): RepoPath | undefined {
  const parts = written.split('/')
  const ends = parts.map((_, from) => parts.slice(from).join('/')).slice(0, Math.max(1, parts.length - 1))
  const whole = ends.find((path) => store.facts.file(worktree, path))
  if (whole !== undefined || !/\.\w+$/.test(written)) return whole
  const named = store.search.inPath(worktree, termsOf(parts.at(-1)!))
  for (const end of ends) {
    const ending = named.filter((path) => path.endsWith(`/${end}`))
    if (ending.length > 0) return ending.length === 1 ? ending[0] : undefined
  }
  return undefined
}
