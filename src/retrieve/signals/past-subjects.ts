import { countEach } from '../../groups.ts'
import { shorten } from '../../text/shorten.ts'
import type { RepoPath } from '../../types.ts'
import { bestHits, type Hits, type Question } from '../signal.ts'
import { fade } from './fade.ts'

const MOST_TERMS = 40
const K1 = 1.2
const B = 0.75
const DEPTH = 300

/**
 * BM25 over the subjects of past commits (K1 and B as usual, Robertson & Zaragoza 2009). The document of a file holds
 * the subjects of the commits that changed it; old subjects weigh less. This finds files by words that they do not hold
 * themselves. One index look-up a term, and one for each change of a commit found.
 */
export function pastSubjectHits({ store, worktree, request }: Question): Hits {
  const asked = [...countEach(request.terms)].slice(0, MOST_TERMS)
  const said = asked.map(([term]) => store.history.commitsSaying(worktree, term))
  const changes = store.history.changesOf(worktree, [...new Set(said.flat().map(({ id }) => id))])
  const activity = store.history.activity(worktree, new Set([...changes.values()].flat()))
  const { paths: documents, mean } = store.history.meanActivity(worktree)

  const scores = new Map<number, number>()
  const worth = new Map<number, number>() // by commit: how well it matches the request
  asked.forEach(([, weight], i) => {
    const counts = new Map<number, number>()
    for (const { id, position } of said[i]!)
      for (const path of changes.get(id) ?? []) counts.set(path, (counts.get(path) ?? 0) + fade(position))
    const rarity = Math.log(1 + (documents - counts.size + 0.5) / (counts.size + 0.5))
    for (const { id } of said[i]!) worth.set(id, (worth.get(id) ?? 0) + weight * rarity)
    for (const [path, count] of counts) {
      const length = 1 - B + (B * (activity.get(path) ?? 1)) / mean
      const score = (weight * rarity * count * (K1 + 1)) / (count + K1 * length)
      scores.set(path, (scores.get(path) ?? 0) + score)
    }
  })

  const witnesses = new Map<number, number[]>() // by file: its commits that match the request best
  for (const [commit, paths] of changes)
    for (const path of paths) {
      const known = witnesses.get(path)
      const more = (worth.get(commit) ?? 0) - (worth.get(known?.[0] ?? -1) ?? 0)
      if (!known || more > 0) witnesses.set(path, [commit])
      else if (more === 0) known.push(commit)
    }
  const texts = store.history.pathTexts(worktree, [...scores.keys()])
  const named = new Map<RepoPath, number>([...scores].map(([path, score]) => [texts.get(path)!, score]))
  const ids = new Map([...texts].map(([id, text]) => [text, id]))
  const why = (path: RepoPath) => changedBy(store.history.newestSubject(worktree, witnesses.get(ids.get(path)!)!))
  return bestHits(named, why, DEPTH)
}

/** The evidence of a past commit: its subject, without leading brackets such as '[13.x]' of a backport. */
function changedBy(subject: string): string {
  return `changed by "${shorten(subject.replace(/^(\s*\[[^\]]*\])+(?=.*\w)/, '').trim(), 60)}"`
}
