import { readsLike } from '../../request/reads-like.ts'
import { type Evidence, onOneLine, placeOf, type RecentCommit } from './evidence.ts'

const MOST = 30
const NO_DIRECTION = new Set([
  'documentation',
  'tests',
  'dependencies',
  'release',
  'formatting',
  'translation',
  'revert',
  'chore',
])

/** The titles of recent commits that change what the program does, newest first: at most thirty. */
export function directionsIn(commits: readonly RecentCommit[]): Evidence[] {
  return commits
    .filter(({ subject }) => !NO_DIRECTION.has(readsLike(subject)))
    .slice(0, MOST)
    .map((commit) => ({ kind: 'commit', place: placeOf(commit), text: onOneLine(commit.subject) }))
}
