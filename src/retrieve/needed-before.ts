import { plainRequest } from '../request/plain-request.ts'
import type { Request } from '../request/read-request.ts'
import { termsOf } from '../request/words.ts'
import type { ImplementedRequest, Ledger } from '../store/ledger.ts'
import type { RepoPath } from '../types.ts'

const REMEMBERED = 200 // requests, the newest
const ALIKE = 0.5 // share of the summed rarity of the title's terms
const MOST = 8 // paths

export interface NeededBefore {
  /** Title of the earlier request. */
  readonly title: string
  readonly changed: readonly RepoPath[]
  /** Files that the agent opened and did not change, and that its list did not hold. */
  readonly fetched: readonly RepoPath[]
}

/**
 * The earlier request that is most like this one, with the files that it changed and the files that the agent had to
 * fetch itself. null: no request shares half of the title's words, weighted by rarity. rarity: of the request's terms.
 * Reads the newest 200 requests.
 */
export function neededBefore(
  ledger: Pick<Ledger, 'implemented'>,
  { title }: Request,
  rarity: ReadonlyMap<string, number>,
): NeededBefore | null {
  const asked = new Set(termsOf(title).filter((term) => rarity.has(term)))
  const worth = (terms: Iterable<string>) => [...terms].reduce((sum, term) => sum + (rarity.get(term) ?? 0), 0)
  const least = ALIKE * worth(asked)
  let best: { past: ImplementedRequest; score: number } | null = null
  for (const past of ledger.implemented(REMEMBERED)) {
    const said = new Set(termsOf(titleOf(past.text)))
    const score = worth([...asked].filter((term) => said.has(term)))
    if (score > 0 && score >= least && score > (best?.score ?? 0)) best = { past, score }
  }
  return (
    best && { title: titleOf(best.past.text), changed: best.past.changed.slice(0, MOST), fetched: fetchedBy(best.past) }
  )
}

/** Files that an agent opened and did not change, and that its list did not hold. */
export function fetchedBy({ packed, opened, changed }: ImplementedRequest): RepoPath[] {
  const known = new Set([...packed, ...changed])
  return [...new Set(opened.map(pathOf))].filter((path) => path !== '' && !known.has(path)).slice(0, MOST)
}

function pathOf(look: string): RepoPath {
  return look.startsWith('search ') ? '' : look.split('#', 1)[0]!.replace(/:\d+-\d+$/, '')
}

function titleOf(request: string): string {
  return plainRequest(request).title
}
