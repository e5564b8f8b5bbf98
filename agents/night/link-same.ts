import { findSame, type SameRequests } from '../../src/backlog/same-words.ts'
import type { Backlog } from '../../src/store/backlog.ts'

/** Links items to others that ask for the same in the same words, so that one draft is made for all. Returns what it linked. */
export function linkSame(backlog: Backlog, ids: readonly number[]): SameRequests[] {
  const found = findSame(backlog.list(['waiting', 'planned', 'drafted', 'needs-you']), new Set(ids))
  for (const { lead, same } of found) backlog.link(same, lead)
  return found
}
