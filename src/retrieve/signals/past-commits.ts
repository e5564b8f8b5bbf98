import { shorten } from '../../shorten.ts'
import { WIDEST } from '../../store/history.ts'
import { type Hits, hitsOfParts, type Question } from '../signal.ts'
import { fade } from './fade.ts'

const MOST_COMMITS = 40
const LOOKED_AT = 200 // by what they say, before their age counts

/** Files that past commits with similar messages changed (Cubranic & Murphy 2003), the newer the better. Each commit shares its score among its files. */
export function pastCommitHits({ store, worktree, request }: Question): Hits {
  const hits = hitsOfParts()
  const similar = store.history
    .similar(worktree, request.terms, LOOKED_AT)
    .map((commit) => ({ ...commit, score: commit.score * fade(commit.position) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_COMMITS)
    .filter(({ width }) => width <= WIDEST)
  const paths = store.history.pathsOf(worktree, similar)
  for (const { id, score, width, subject } of similar)
    for (const path of paths.get(id)!) hits.add(path, score / Math.sqrt(width), () => changedBy(subject))
  return hits.best()
}

/** The evidence that a past commit gives: its subject without what stands in brackets before it, as backports have it. */
export function changedBy(subject: string): string {
  return `changed by "${shorten(subject.replace(/^(\s*\[[^\]]*\])+(?=.*\w)/, '').trim(), 60)}"`
}
