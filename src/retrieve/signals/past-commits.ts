import { MOST_WIDE } from '../../store/history.ts'
import { best, type Hit, type Hits, type Question } from '../signal.ts'
import { fade } from './fade.ts'

const MOST_COMMITS = 40
const LOOKED_AT = 200 // by what they say, before their age counts

/** Files that past commits with similar messages changed (Cubranic & Murphy 2003), the newer the better. Each commit shares its score among its files. */
export function pastCommitHits({ store, worktree, request }: Question): Hits {
  const scores = new Map<string, number>()
  const witness = new Map<string, { subject: string; share: number }>()
  const similar = store.history
    .similar(worktree, request.terms, LOOKED_AT)
    .map((commit) => ({ ...commit, score: commit.score * fade(commit.position) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_COMMITS)
    .filter(({ width }) => width <= MOST_WIDE)
  const paths = store.history.pathsOf(worktree, similar)
  for (const commit of similar) {
    const share = commit.score / Math.sqrt(commit.width)
    for (const path of paths.get(commit.id)!) {
      scores.set(path, (scores.get(path) ?? 0) + share)
      if (share > (witness.get(path)?.share ?? 0)) witness.set(path, { subject: commit.subject, share })
    }
  }
  const hits = new Map<string, Hit>()
  for (const [path, score] of best(scores, 200))
    hits.set(path, { score, why: () => changedBy(witness.get(path)!.subject) })
  return hits
}

/** The evidence that a past commit gives: its subject without what stands in brackets before it, as backports have it. */
export function changedBy(subject: string): string {
  const said = subject.replace(/^(\s*\[[^\]]*\])+(?=.*\w)/, '').trim()
  return `changed by "${said.length > 60 ? `${said.slice(0, 59)}…` : said}"`
}
