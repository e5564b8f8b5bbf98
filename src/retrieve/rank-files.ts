import { isSource, kindOfPath } from '../paths.ts'
import type { FileSize } from '../store/facts.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'
import { requestTerms } from './request-terms.ts'
import { combine, type Scored, type SignalName, WEIGHTS, type Weights } from './score.ts'
import type { Hits, Question } from './signal.ts'
import { coChangeHits } from './signals/co-change.ts'
import { folderChangeHits } from './signals/folder-change.ts'
import { generatedHits } from './signals/generated.ts'
import { importHits } from './signals/imports.ts'
import { mirrorHits } from './signals/mirrors.ts'
import { nameHits } from './signals/names.ts'
import { namesakeHits } from './signals/namesakes.ts'
import { pastCommitHits } from './signals/past-commits.ts'
import { pastSubjectHits } from './signals/past-subjects.ts'
import { precedentHits } from './signals/precedent.ts'
import { recencyHits } from './signals/recency.ts'
import { scopeHits } from './signals/scope.ts'
import { siblingHits } from './signals/siblings.ts'
import { sizeHits } from './signals/size.ts'
import { symbolHits } from './signals/symbols.ts'
import { useHits } from './signals/uses.ts'
import { wordHits } from './signals/words.ts'
import { isSpokenOf } from './spoken-of.ts'
import { termRarity } from './term-rarity.ts'
import { isTranslation, TRANSLATED } from './translation.ts'

const SEEDS = 8
const LOOKED_INTO = 40 // source files whose definitions are looked at

/**
 * Every file that some signal speaks for, best first, with the evidence. Where nothing speaks of the request, what changed lately and what goes with
 * it, as guesses. seedsBy: the weights by which the first hits choose the seeds of the others; other than those that ship only to measure a signal.
 *
 * Words, names and history give first hits; what changes with these or with their folders, tests and documents, what they import and use, or are
 * imported and used by, and what stands beside them or is named like them is added. Reads index entries only, never a file: those of all files and commits
 * that hold a term of the request, how often each path changed, and the neighbours of the seeds.
 */
export function rankFiles(
  store: Store,
  worktree: number,
  request: string,
  weights: Weights = WEIGHTS,
  seedsBy: Weights = WEIGHTS,
): Scored[] {
  const question = askOf(store, worktree, request)
  const ranked = rankSignals(gatherSignals(question, seedsBy), weights)
  return isSpokenOf(question) ? ranked : ranked.map((file) => ({ ...file, isUnspokenOf: true }))
}

/** The ranking that these signals give. Pure: the same signals are ranked by several weights when weights are learned. */
export function rankSignals(signals: Record<SignalName, Hits>, weights: Weights): Scored[] {
  const { title, body, paths, compounds, titleNamesakes, bodyNamesakes, names, pastSubjects } = signals
  const isGuess = [title, body, paths, compounds, titleNamesakes, bodyNamesakes, names, pastSubjects].every(
    ({ size }) => size === 0,
  )
  const isCandidate = (path: RepoPath) => signals.lines.has(path)
  return combine(signals, weights)
    .map((file) => ({
      ...file,
      ...(isTranslation(file.path, isCandidate) ? { score: file.score - TRANSLATED } : {}),
      ...(isGuess ? { isGuess } : {}),
      ...(signals.generated.has(file.path) ? { isGenerated: true as const } : {}),
      ...(weights.precedent > 0 && signals.precedent.has(file.path) ? { isPrecedent: true as const } : {}),
    }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
}

/** A request as the signals take it. */
export function askOf(store: Store, worktree: number, text: string): Question {
  const request = requestTerms(text)
  return { store, worktree, request, rarity: termRarity(store, worktree, request.terms) }
}

/** The scores of each signal, for rankFiles and for fitting its weights. seedsBy: as rankFiles takes it. */
export function gatherSignals(question: Question, seedsBy: Weights = WEIGHTS): Record<SignalName, Hits> {
  const sizesOf = sizeReader(question)
  const first = onlyChangeable(sizesOf, {
    ...wordHits(question),
    titleNamesakes: namesakeHits(question, question.request.titleNames),
    bodyNamesakes: namesakeHits(question, question.request.bodyNames),
    wordNamesakes: namesakeHits(question, question.request.titleWords),
    ...nameHits(question),
    pastSubjects: pastSubjectHits(question),
    pastCommits: pastCommitHits(question),
    precedent: precedentHits(question),
    recency: recencyHits(question),
  })
  const ranked = combine(first, seedsBy)
  const isGenerated = (path: RepoPath) => sizesOf([path]).get(path)?.isGenerated === true
  const sources = ranked.filter(({ path }) => isSource(path) && !isGenerated(path))
  const seeds = seedsOf(sources)
  const beside = seedsOf(ranked.filter(({ path }) => ['test', 'doc'].includes(kindOfPath(path))))
  const near = onlyChangeable(sizesOf, {
    coChange: coChangeHits(question, seeds),
    folderChange: folderChangeHits(question, seeds),
    testChange: coChangeHits(question, beside),
    imports: importHits(question, seeds),
    uses: useHits(question, seeds),
  })
  const paths = pathsOf({ ...first, ...near })
  return {
    ...first,
    ...near,
    generated: generatedHits(paths, near.coChange, isGenerated),
    symbols: symbolHits(
      question,
      sources.slice(0, LOOKED_INTO).map(({ path }) => path),
    ),
    scope: scopeHits(paths, question.request.scope),
    siblings: siblingHits(paths, seeds),
    mirrors: mirrorHits(paths, seeds),
    ...sizeHits(paths, sizesOf(paths)),
  }
}

/** Lines and imports of paths, each read once; those that are gone, or left out for another reason than that a tool wrote them, are null: the history remembers both. */
function sizeReader({ store, worktree }: Question) {
  const known = new Map<RepoPath, FileSize | null>()
  return (paths: Iterable<RepoPath>) => {
    const unknown = [...paths].filter((path) => !known.has(path))
    if (unknown.length === 0) return known
    for (const path of unknown) known.set(path, null)
    for (const [path, size] of store.facts.sizes(worktree, unknown)) known.set(path, size)
    return known
  }
}

/** Without files that nobody can change: gone, binary, minified. */
function onlyChangeable<Name extends string>(
  sizesOf: ReturnType<typeof sizeReader>,
  signals: Record<Name, Hits>,
): Record<Name, Hits> {
  const sizes = sizesOf(pathsOf(signals))
  const kept = Object.entries<Hits>(signals).map(([name, hits]) => {
    const changeable = new Map(hits)
    for (const path of hits.keys()) if (!sizes.get(path)) changeable.delete(path)
    return [name, changeable]
  })
  return Object.fromEntries(kept) as Record<Name, Hits>
}

function pathsOf(signals: Readonly<Record<string, Hits>>): Set<RepoPath> {
  const paths = new Set<RepoPath>()
  for (const hits of Object.values(signals)) for (const path of hits.keys()) paths.add(path)
  return paths
}

/** The best files, weighted so that all sum to 1. ranked: best first. */
function seedsOf(ranked: readonly Scored[]): ReadonlyMap<RepoPath, number> {
  const chosen = ranked.slice(0, SEEDS).map(({ path, score }) => [path, Math.exp(score - ranked[0]!.score)] as const)
  const total = chosen.reduce((sum, [, weight]) => sum + weight, 0)
  return new Map(chosen.map(([path, weight]) => [path, weight / total]))
}
