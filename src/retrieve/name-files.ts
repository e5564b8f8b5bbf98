import { kindOfPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { likelihood } from './likelihood.ts'
import type { Scored } from './score.ts'
import { MEANT_ANYWAY } from './spoken-of.ts'

/** `read`: a model for a new file, see withFilesToRead. */
export type Role = 'modify' | 'test' | 'doc' | 'read' | 'maybe'

export interface RankedFile {
  readonly path: RepoPath
  /** Calibrated probability that the feature changes the file. */
  readonly score: number
  readonly role: Role
  /** Evidence, the heaviest first. */
  readonly why: readonly string[]
  /** A tool has written it. The ranking never names it to modify; a model that chooses from the list may. */
  readonly isGenerated?: true
  /** Neither this file nor any other matches the words of the request. */
  readonly isGuess?: true
}

const MOST = 12
const COMPANIONS = 3 // tests and docs each
const COMPANION_FROM = 0.3 // probability; half of the tests and documents that are named change
const LISTED = 100

/** The first hundred ranked files, each with its role and its evidence in words. */
export function nameFiles(ranked: readonly Scored[]): RankedFile[] {
  return assignRoles(ranked).map(({ path, score, role, evidence, isGenerated, isGuess }) => {
    let why: readonly string[] | undefined
    return {
      path,
      score,
      role,
      isGenerated,
      isGuess,
      // computed on demand: few callers read it, and it takes a query a file
      get why() {
        const reasons = () => evidence().flatMap((one) => one.why() || [])
        why ??= [...new Set([...(isGenerated ? ['is written by a tool, or marked as vendored'] : []), ...reasons()])]
        return why
      },
    }
  })
}

/**
 * The role of each ranked file, and its probability to change. The number of source files to `modify` maximises the
 * expected F1. The best tests and documents have roles of their own. All other files are `maybe`, so that a reader can
 * still choose them: files past the cut, guesses, and files that a tool writes. Pure.
 */
export function assignRoles(
  ranked: readonly Scored[],
): (Omit<RankedFile, 'why'> & Pick<Scored, 'evidence' | 'isGenerated' | 'isGuess'>)[] {
  const files = likelihood(ranked)
  const { named } = bestCut(files.filter(isToModify).map(({ probability }) => probability))
  const counts = { modify: 0, test: 0, doc: 0 }
  return files.slice(0, LISTED).map(({ path, probability, evidence, isGuess, isGenerated, isUnspokenOf }) => {
    const kind = kindOfPath(path)
    const role = kind === 'test' ? 'test' : kind === 'doc' ? 'doc' : 'modify'
    const isLikely =
      role === 'modify' ? counts.modify < named : counts[role] < COMPANIONS && probability >= COMPANION_FROM
    const isNamed = isLikely && !isGuess && !isGenerated
    if (isNamed) counts[role]++
    return {
      path,
      score: isUnspokenOf ? MEANT_ANYWAY * probability : probability, // a request for another repository changes none of the files
      role: isNamed ? role : 'maybe',
      evidence,
      isGenerated,
      isGuess,
    }
  })
}

/**
 * How many of the likeliest files to name, and their expected F1 (the plug-in rule for the F-measure, Ye et al. 2012).
 * The expected number of hits is the sum of the probabilities of the files named; the expected number of changed files
 * is the sum of all. probabilities: largest first.
 */
export function bestCut(probabilities: readonly number[]): { readonly named: number; readonly f1: number } {
  const wanted = probabilities.reduce((sum, probability) => sum + probability, 0)
  let best = { named: 0, f1: 0 }
  let right = 0
  probabilities.slice(0, MOST).forEach((probability, i) => {
    right += probability
    const f1 = (2 * right) / (i + 1 + wanted)
    if (f1 > best.f1) best = { named: i + 1, f1 }
  })
  return best
}

/**
 * How predictable the request is: the largest expected F1 of any number of files named (bestCut); 0 if no file is named
 * to modify. files: from nameFiles.
 */
export function predictabilityOf(files: readonly RankedFile[]): number {
  if (!files.some(({ role }) => role === 'modify')) return 0
  const { f1 } = bestCut(files.filter(isToModify).map(({ score }) => score))
  return Math.round(100 * f1) / 100
}

function isToModify({ path, isGenerated }: { readonly path: RepoPath; readonly isGenerated?: true }): boolean {
  const kind = kindOfPath(path)
  return !isGenerated && (kind === 'source' || kind === 'other')
}
