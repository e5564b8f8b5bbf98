import { placesNamed } from '../../src/edit/place-named.ts'
import { shownPath } from '../../src/paths.ts'
import type { RepoPath } from '../../src/types.ts'
import { isOfDependency, ONLY_TYPES } from './dependency-types.ts'
import { firstOfEach } from './first-of-each.ts'
import { type Look, placeName, type SearchLook, type SearchPlace, wholePattern } from './parse-looks.ts'
import type { Found, SearchHit, Workspace } from './workspace.ts'

const MOST_SEARCHES = 20
const SEARCH_MS = 20_000 // for all searches of one reply
const TOO_LONG = 'not searched: the searches before it took too long'
const TOO_MANY = `not searched: ${MOST_SEARCHES} searches are made of one reply`

/** Finds definitions whose names are similar to a word. */
export type NamesLike = (word: string) => readonly { readonly name: string; readonly path: RepoPath }[]

/** The pattern as written. */
export function searchName({ pattern, places = [] }: SearchLook): string {
  const within = places.map((place) => placeName({ ...place, path: shownPath(place.path) })).join(' ')
  return `search ${pattern}${within ? ` in ${within}` : ''}`
}

/**
 * Results of each search. If the time runs out, the searches that were requested first have run. isStrict: matches outside of the places of a
 * search are only counted.
 */
export async function findHits(
  looks: readonly Look[],
  workspace: Workspace,
  namesLike: NamesLike,
  { isStrict = false }: { readonly isStrict?: boolean } = {},
): Promise<ReadonlyMap<SearchLook, Found>> {
  const found = new Map<SearchLook, Found>()
  const until = performance.now() + SEARCH_MS
  for (const look of looks) {
    if (look.kind !== 'search') continue
    const reason = found.size >= MOST_SEARCHES ? TOO_MANY : performance.now() > until ? TOO_LONG : null
    found.set(look, reason ? { hits: [], remark: reason } : await hitsOf(look, workspace, namesLike, isStrict))
  }
  return found
}

/** Searches the places that exist, and reports the others. If nothing matches, returns the nearest matches. */
async function hitsOf(look: SearchLook, workspace: Workspace, namesLike: NamesLike, isStrict: boolean): Promise<Found> {
  const asked = look.places ?? []
  const paths = asked.map(({ path }) => path)
  const all = workspace.search(look.pattern, paths) // usually all places exist: the search need not wait for the answer
  all.catch(() => {}) // if one does not exist, nobody waits for it
  const there = await workspace.existing(paths)
  const places = asked.filter(({ path }) => there.has(path))
  const missing = asked.filter(({ path }) => !there.has(path)).map(({ path }) => path)
  const noPlace =
    missing.length === 0
      ? null
      : `there is no ${missing.map(shownPath).join(' and no ')}${missing.some(isOfDependency) ? `; ${ONLY_TYPES}` : ''}`
  if (asked.length > 0 && places.length === 0) {
    const whole = await workspace.search(wholePattern(look)) // ' in ' may belong to the pattern
    return whole.hits.length > 0 ? whole : { hits: [], remark: noPlace }
  }
  const found =
    missing.length === 0
      ? all
      : workspace.search(
          look.pattern,
          paths.filter((path) => there.has(path)),
        )
  const { hits, remark } = await found
  const inside = await insideOf(hits, places, workspace)
  if (inside.length > 0 || remark) return { hits: inside, remark: joined(noPlace, remark) }
  const near = await nearest(look.pattern, places, workspace, namesLike, isStrict)
  return { hits: near.hits, remark: joined(noPlace, `no match${near.remark}`) }
}

function joined(...remarks: readonly (string | null)[]): string | null {
  return remarks.filter(Boolean).join('; ') || null
}

/** If places name definitions that exist: only the hits inside these. */
async function insideOf(
  hits: readonly SearchHit[],
  places: readonly SearchPlace[],
  workspace: Workspace,
): Promise<readonly SearchHit[]> {
  let left = hits
  for (const { path, symbol } of places) {
    if (symbol === undefined) continue
    const symbols = await workspace.symbols(path, (await workspace.read(path)) ?? '')
    const holders = placesNamed(symbol, symbols)
    const isInside = ({ line }: SearchHit) => holders.some(({ lines }) => lines.first <= line && line <= lines.last)
    if (holders.length > 0) left = left.filter((hit) => hit.path !== path || isInside(hit))
  }
  return left
}

const FEW = 6 // lines shown if nothing matches as requested
const FEW_OF_ONE = 2
const NAMES = 5
const WORDS = 3 // of a pattern, the longest
const WORD = /[\p{L}_$][\p{L}\p{N}_$]{3,}/gu

/**
 * Matches without quotes around the pattern, without regard to case, or in other places; else definitions with similar names. remark:
 * which of these, after 'no match'.
 */
async function nearest(
  pattern: string,
  places: readonly SearchPlace[],
  workspace: Workspace,
  namesLike: NamesLike,
  isStrict: boolean,
): Promise<{ readonly hits: readonly SearchHit[]; readonly remark: string }> {
  const paths = places.map(({ path }) => path)
  const any = pattern.startsWith('(?i)') ? pattern : `(?i)${pattern}`
  const few = (hits: readonly SearchHit[], how: string) => {
    const some = firstOfEach(hits, FEW_OF_ONE).slice(0, FEW)
    return {
      hits: some,
      remark: `; the lines above match ${how}${some.length < hits.length ? `, ${some.length} of ${hits.length}` : ''}`,
    }
  }
  const bare = /^(["'/])(.+)\1$/.exec(pattern)?.[2]
  if (bare) {
    const { hits } = await workspace.search(bare, paths)
    if (hits.length > 0) return few(hits, 'without the marks around the pattern')
  }
  if (any !== pattern) {
    const { hits } = await workspace.search(any, paths)
    if (hits.length > 0) return few(hits, 'in another case of letters')
  }
  if (places.length > 0) {
    const { hits } = await workspace.search(any)
    const lines = hits.length === 1 ? 'one line matches' : `${hits.length} lines match`
    if (hits.length > 0) return isStrict ? { hits: [], remark: `; ${lines} elsewhere` } : few(hits, 'elsewhere')
  }
  const words = [...(pattern.match(WORD) ?? [])].sort((a, b) => b.length - a.length).slice(0, WORDS)
  const like = words.flatMap((word) => namesLike(word))
  const names = [...new Set(like.map(({ name, path }) => `${name} in ${shownPath(path)}`))].slice(0, NAMES)
  return { hits: [], remark: names.length > 0 ? `; names like it: ${names.join(', ')}` : '' }
}
