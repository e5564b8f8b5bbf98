import type { SharedPlan } from '../../src/team/row.ts'
import { requestHash } from '../../src/team/rows-of-store.ts'
import type { TakeOptions } from './take-summaries.ts'

/**
 * Saves plans of requests that wait in this clone's own backlog, and for which nothing was made here. The request still waits: whether it is
 * ready, and whether it may be drafted, is judged here. Call it inside a transaction. Returns how many were saved.
 */
export function takePlans(rows: readonly SharedPlan[], now: number, { store, origin }: TakeOptions): number {
  const byRequest = new Map(rows.map((row) => [row.request, row]))
  let taken = 0
  for (const item of store.backlog.list(['waiting'])) {
    const row = byRequest.get(requestHash(item))
    const before = store.backlog.draft(item.id)
    if (!row || (before && (!before.origin || before.madeAt >= row.at))) continue
    const { base, plan, seen, files, at, checks } = row
    const notes = checks
      ? [
          `drafted elsewhere, in ${files.length} files; of its checks ${checks.passed} passed and ${checks.failed} failed there`,
        ]
      : []
    store.backlog.saveDraft(
      { item: item.id, madeAt: at, base, commit: null, files, plan, seen, checks: [], cage: null, notes, origin },
      'waiting',
      now,
      `a plan for it came from ${origin}`,
    )
    taken++
  }
  return taken
}
