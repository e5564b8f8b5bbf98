import type { Db } from './db.ts'

/** SQL join that gives each past path its current name: a change belongs to `coalesce(now, past_change.path)`. */
export const joinNow = (worktree: 'reach.worktree' | '?') =>
  `LEFT JOIN moved ON moved.worktree = ${worktree} AND moved.path = past_change.path`

/**
 * Finds the current name of each past path, also over several renames, from the newest commit to the oldest. A path
 * that was changed again after it was renamed is another file of the same name, and keeps its name.
 */
export function followRenames(db: Db, worktree: number): void {
  const now = new Map<number, number>()
  for (const { was, path } of db.all<{ was: number; path: number }>(
    `SELECT past_change.was AS was, past_change.path AS path FROM reach CROSS JOIN past_change INDEXED BY past_rename ON past_change.past_commit = reach.past_commit AND past_change.was IS NOT NULL
     WHERE reach.worktree = ? AND NOT EXISTS (SELECT 1 FROM past_change AS later CROSS JOIN reach AS newer ON newer.worktree = reach.worktree
       AND newer.past_commit = later.past_commit AND newer.position <= reach.position WHERE later.path = past_change.was) ORDER BY reach.position`,
    worktree,
  )) {
    const called = now.get(path) ?? path
    if (called !== was && !now.has(was)) now.set(was, called)
  }
  db.run('DELETE FROM moved WHERE worktree = ?', worktree)
  db.insertAll(
    'INSERT INTO moved (worktree, path, now)',
    [...now].map(([path, called]) => [worktree, path, called]),
  )
}
