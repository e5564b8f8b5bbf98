import { wordsOf } from '../../src/backlog/read-items.ts'
import { findSame, type SameRequests } from '../../src/backlog/same-words.ts'
import type { Backlog } from '../../src/store/backlog.ts'
import type { Store } from '../../src/store/open-store.ts'

/** Links items to others that ask for the same in the same words, so that one draft is made for all. Returns what it linked. */
export function linkSame(backlog: Backlog, ids: readonly number[]): SameRequests[] {
  const found = findSame(backlog.list(['waiting', 'planned', 'drafted', 'needs-you']), new Set(ids))
  for (const { lead, same } of found) backlog.link(same, lead)
  return found
}

/** Notes which forecasts these items ask for in the same words, and links them. Returns their numbers. */
export function noteHits(
  { backlog, forecasts }: Pick<Store, 'backlog' | 'forecasts'>,
  ids: readonly number[],
): number[] {
  const open = new Map(backlog.list(['forecast']).map((item) => [wordsOf(item.request), item.id]))
  if (open.size === 0) return []
  return ids.flatMap((id) => {
    const forecast = open.get(wordsOf(backlog.get(id)!.request))
    if (forecast === undefined) return []
    forecasts.end(forecast, 'hit', `request ${id}`)
    const plan = backlog.draft(forecast)
    backlog.link([forecast], id)
    if (plan && !backlog.draft(id)) backlog.saveDraft({ ...plan, item: id }, backlog.get(id)!.state, Date.now())
    return [forecast]
  })
}
