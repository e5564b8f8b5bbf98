import type { BacklogItem } from '../src/store/backlog.ts'
import { plural } from './format.ts'

const MOST_SPANS = 8

/** A line that names the requests of others that wait for approval; [] if there are none. */
export function sayNotApproved(items: readonly BacklogItem[]): string[] {
  const ids = items.filter(({ state, isApproved }) => state === 'waiting' && !isApproved).map(({ id }) => id)
  if (ids.length === 0) return []
  const shown = spansOf(ids).slice(0, MOST_SPANS).join(' ')
  return [`${plural(ids.length, 'request')} of others may not be drafted yet: repose backlog approve ${shown}`]
}

/** Ascending ids, with those that follow each other as one: [3, 4, 5, 9] -> ['3-5', '9']. */
function spansOf(ids: readonly number[]): string[] {
  const spans: [number, number][] = []
  for (const id of [...ids].sort((a, b) => a - b)) {
    const last = spans.at(-1)
    if (last && last[1] === id - 1) last[1] = id
    else spans.push([id, id])
  }
  return spans.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))
}
