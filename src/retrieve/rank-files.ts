import { isSource, kindOfPath } from '../paths.ts'
import type { Request } from '../request/read-request.ts'
import type { FileSize } from '../store/facts.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'
import { combine, type Scored, type SignalName, WEIGHTS, type Weights } from './score.ts'
import type { Hits, Question } from './signal.ts'
import { coChangeHits, folderChangeHits } from './signals/co-change.ts'
import { importHits } from './signals/imports.ts'
import { outrightHits } from './signals/names.ts'
import { pastSubjectHits } from './signals/past-subjects.ts'
import { recencyHits } from './signals/recency.ts'
import { useHits } from './signals/uses.ts'
import { wordHits } from './signals/words.ts'
import { isSpokenOf } from './spoken-of.ts'
import { termRarity } from './term-rarity.ts'

const SEEDS = 8

/**
 * Every file that some signal finds, best first, with its evidence. If nothing matches the words of the request, the
 * files are guesses: those that changed lately, and those that go with them.
 *
 * Words, names and history give the first hits. The best of them are the seeds of the other signals: what changes with
 * the seeds, with their folders, or with the best tests and documents, and what the seeds import and use, or are
 * imported and used by. seedsBy: weights that choose the seeds; they differ from WEIGHTS only where a signal is
 * measured.
 *
 * Reads index entries only, never a file: those of all files and commits that hold a term of the request, how often
 * each path changed, and the neighbours of the seeds.
 */
export function rankFiles(
  store: Store,
  worktree: number,
  request: Request,
  weights: Weights = WEIGHTS,
  seedsBy: Weights = WEIGHTS,
): Scored[] {
  const question = askOf(store, worktree, request)
  const { signals, isGenerated } = gatherSignals(question, seedsBy)
  const { body, paths, outright, pastSubjects } = signals
  const isGuess = [body, paths, outright, pastSubjects].every(({ size }) => size === 0)
  const marks = {
    ...(isGuess ? { isGuess } : {}),
    ...(isSpokenOf(question) ? {} : { isUnspokenOf: true as const }),
  }
  return combine(signals, weights).map((file) => ({
    ...{ ...file, ...marks },
    ...(isGenerated(file.path) ? { isGenerated: true as const } : {}),
  }))
}

/** The input of the signals for a request. */
export function askOf(store: Store, worktree: number, { terms }: Request): Question {
  return { store, worktree, request: terms, rarity: termRarity(store, worktree, terms.terms) }
}

/**
 * The hits of each signal, for rankFiles and for fitting the weights, and a function that recognises files that a tool
 * writes. seedsBy: as in rankFiles.
 */
export function gatherSignals(question: Question, seedsBy: Weights = WEIGHTS) {
  const sizesOf = sizeReader(question)
  const isGenerated = (path: RepoPath) => sizesOf([path]).get(path)?.isGenerated === true
  const first = onlyChangeable(sizesOf, {
    ...wordHits(question),
    outright: outrightHits(question),
    pastSubjects: pastSubjectHits(question),
    recency: recencyHits(question),
  })
  const ranked = combine(first, seedsBy)
  const seeds = seedsOf(ranked.filter(({ path }) => isSource(path) && !isGenerated(path)))
  const beside = seedsOf(ranked.filter(({ path }) => ['test', 'doc'].includes(kindOfPath(path))))
  const near = onlyChangeable(sizesOf, {
    coChange: coChangeHits(question, seeds),
    folderChange: folderChangeHits(question, seeds),
    testChange: coChangeHits(question, beside),
    imports: importHits(question, seeds),
    uses: useHits(question, seeds),
  })
  const signals: Record<SignalName, Hits> = { ...first, ...near }
  return { signals, isGenerated }
}

/**
 * Reads the sizes of paths, each once. null: the path is gone, or left out although no tool wrote it. The history still
 * holds such paths.
 */
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

/** Removes files that nobody can change: gone, binary, minified. */
function onlyChangeable<Name extends string>(
  sizesOf: ReturnType<typeof sizeReader>,
  signals: Record<Name, Hits>,
): Record<Name, Hits> {
  const sizes = sizesOf(new Set(Object.values<Hits>(signals).flatMap((hits) => [...hits.keys()])))
  const kept = Object.entries<Hits>(signals).map(([name, hits]) => {
    const changeable = new Map(hits)
    for (const path of hits.keys()) if (!sizes.get(path)) changeable.delete(path)
    return [name, changeable]
  })
  return Object.fromEntries(kept) as Record<Name, Hits>
}

/** The best files with softmax weights, which sum to 1. ranked: best first. */
function seedsOf(ranked: readonly Scored[]): ReadonlyMap<RepoPath, number> {
  const chosen = ranked.slice(0, SEEDS).map(({ path, score }) => [path, Math.exp(score - ranked[0]!.score)] as const)
  const total = chosen.reduce((sum, [, weight]) => sum + weight, 0)
  return new Map(chosen.map(([path, weight]) => [path, weight / total]))
}
