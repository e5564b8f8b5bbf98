import { kindOfPath } from '../paths.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'
import { requestTerms } from './request-terms.ts'
import { combine, type Scored, type SignalName } from './score.ts'
import type { Hits, Question } from './signal.ts'
import { coChangeHits } from './signals/co-change.ts'
import { importHits } from './signals/imports.ts'
import { nameHits } from './signals/names.ts'
import { pastCommitHits } from './signals/past-commits.ts'
import { recencyHits } from './signals/recency.ts'
import { wordHits } from './signals/words.ts'

const SEEDS = 8
const TRANSLATION = 0.3

/**
 * Every file that some signal speaks for, best first, with the evidence.
 *
 * Words, names and history give first hits; what changes with these and what they import or are imported by is added.
 * Reads index entries only, never a file: O(terms + seeds x neighbours).
 */
export function rankFiles(store: Store, worktree: number, request: string): Scored[] {
  const question: Question = { store, worktree, request: requestTerms(request) }
  const isReadable = (path: RepoPath) => store.facts.isReadable(worktree, path)
  const signals = gatherSignals(question)
  // What changed lately is no answer to a request that nothing speaks of.
  if (signals.words.size + signals.names.size + signals.pastCommits.size === 0) return []
  return combine(signals)
    .filter(({ path }) => isReadable(path))
    .map((file) => (isTranslation(file.path, isReadable) ? { ...file, score: TRANSLATION * file.score } : file))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
}

/** 'docs/fr/guide.md' beside 'docs/guide.md' or 'docs/en/guide.md': changed by translators, later. */
function isTranslation(path: RepoPath, exists: (path: RepoPath) => boolean): boolean {
  const folders = path.split('/')
  return folders.slice(0, -1).some((folder, i) => {
    if (
      !/^[a-z]{2,3}([-_][a-z]{2,4})?$/i.test(folder) ||
      /^(en([-_][a-z]{2})?|src|lib|cmd|pkg|bin|api|app|cli|doc|web|ui)$/i.test(folder)
    )
      return false
    const without = [...folders.slice(0, i), ...folders.slice(i + 1)].join('/')
    return exists(without) || exists([...folders.slice(0, i), 'en', ...folders.slice(i + 1)].join('/'))
  })
}

/** The scores of each signal, for rankFiles and for fitting its weights. */
export function gatherSignals(question: Question): Record<SignalName, Hits> {
  const first = {
    words: wordHits(question),
    names: nameHits(question),
    pastCommits: pastCommitHits(question),
    recency: recencyHits(question),
  }
  const seeds = seedsOf(combine(first))
  return { ...first, coChange: coChangeHits(question, seeds), imports: importHits(question, seeds) }
}

/** The best source files, weighted so that all sum to 1. */
function seedsOf(ranked: readonly Scored[]): ReadonlyMap<RepoPath, number> {
  const chosen = ranked.filter(({ path }) => kindOfPath(path) === 'source').slice(0, SEEDS)
  const total = chosen.reduce((sum, { score }) => sum + score, 0)
  return new Map(chosen.map(({ path, score }) => [path, score / total]))
}
