import { kindOfPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import type { Scored } from './score.ts'

export type Role = 'modify' | 'test' | 'doc' | 'read' | 'maybe'

export interface RankedFile {
  readonly path: RepoPath
  readonly score: number
  readonly role: Role
  readonly why: readonly string[]
}

// The confidence cut, fitted in docs/results.md#ranking: named are files whose score is at least this share of the best one's.
const CUT = 0.6
const FEWEST = 2
const MOST = 6
const COMPANIONS = 3 // tests and docs each
const COMPANION_CUT = 0.25
const LISTED = 100

/**
 * Says what each ranked file is for. Source files above the confidence cut are to `modify`; the best tests and docs are
 * named as such; what lies past the cut is a `maybe`, listed so that a reader can still choose it.
 */
export function nameFiles(ranked: readonly Scored[]): RankedFile[] {
  const top = ranked.find(({ path }) => kindOfPath(path) === 'source')?.score ?? 0
  const counts = { modify: 0, test: 0, doc: 0 }
  return ranked.slice(0, LISTED).map((file) => {
    const kind = kindOfPath(file.path)
    const role = kind === 'test' ? 'test' : kind === 'doc' ? 'doc' : 'modify'
    const enough =
      role === 'modify'
        ? counts.modify < FEWEST || (counts.modify < MOST && file.score >= CUT * top)
        : counts[role] < COMPANIONS && file.score >= COMPANION_CUT * top
    if (!enough) return { ...file, role: 'maybe' as const }
    counts[role]++
    return { ...file, role }
  })
}
