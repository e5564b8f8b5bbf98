import { type Evidence, onOneLine, placeOf, type RecentCommit } from './evidence.ts'

const MOST = 15
const PROMISES =
  /\b(follow[- ]?up|next (step|commit|pr)|(in|as) a (later|future|separate|next) (commit|pr|change|step|version)|will (be )?(add|added|support|supported|implement|implemented|follow|land|extend)|not (yet )?(supported|implemented|handled|covered)|still (missing|to do|needs?)|for now|part (1|one|i)\b|first (step|part|pass|version|cut)|initial (support|version|implementation)|(groundwork|preparation|prepares?|paves? the way) (for|to))\b/i

/** Sentences of recent commit messages that say that more follows. Newest first, at most fifteen, one of a commit. */
export function promisesIn(commits: readonly RecentCommit[]): Evidence[] {
  return commits
    .filter(({ subject }) => !/\breleas/i.test(subject)) // 'Prepare for the next release'
    .flatMap((commit): Evidence[] => {
      const sentences = `${commit.subject}\n\n${commit.body}`.split(/(?<=[.!?])\s+|\n\s*\n|\n(?=\s*[-*+] )/)
      const said = sentences.map(onOneLine).find((sentence) => sentence.length >= 12 && PROMISES.test(sentence))
      return said ? [{ kind: 'promise', place: placeOf(commit), text: said }] : []
    })
    .slice(0, MOST)
}
