import { kindOfPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { likelihood } from './likelihood.ts'
import type { Scored } from './score.ts'
import { MEANT_ANYWAY } from './spoken-of.ts'

/** `read`: as withFilesToRead says. */
export type Role = 'modify' | 'test' | 'doc' | 'read' | 'maybe'

export interface RankedFile {
  readonly path: RepoPath
  /** Calibrated probability that the feature changes the file. */
  readonly score: number
  readonly role: Role
  /** Evidence, the heaviest first. */
  readonly why: readonly string[]
  /** A tool has written it: the ranking never names it to modify, a model that looks at the list may. */
  readonly isGenerated?: true
  /** Nothing speaks of the request, here or in any file. */
  readonly isGuess?: true
}

const MOST = 12
const COMPANIONS = 3 // tests and docs each
const COMPANION_FROM = 0.3 // probability: half of the documents named so are changed, and of the tests
const LISTED = 100

/** Gives each of the first hundred ranked files its role, and says why in words. */
export function nameFiles(ranked: readonly Scored[]): RankedFile[] {
  return assignRoles(ranked).map(({ path, score, role, evidence, isGenerated, isGuess }) => {
    let why: readonly string[] | undefined
    return {
      path,
      score,
      role,
      isGenerated,
      isGuess,
      // asked for by few, and by a query each
      get why() {
        const told = () => evidence().flatMap((one) => one.why() || [])
        why ??= [...new Set([...(isGenerated ? ['is written by a tool, or marked as vendored'] : []), ...told()])]
        return why
      },
    }
  })
}

/**
 * What each ranked file is for, and how likely it is to be changed. As many source files are to `modify` as make the
 * expected F1 largest; the best tests and docs are named as such; what lies past the cut is a `maybe`, listed so that a
 * reader can still choose it, and so is every guess and what a tool writes. Pure.
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
      score: isUnspokenOf ? MEANT_ANYWAY * probability : probability, // if it is meant for another, no name is right
      role: isNamed ? role : 'maybe',
      evidence,
      isGenerated,
      isGuess,
    }
  })
}

/**
 * How many of the likeliest files to name, and the F1 to expect of them: the first k hold the sum of their probabilities, of the sum of all.
 * (The plug-in rule for F-measure, Ye et al. 2012.) probabilities: largest first.
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

/** How predictable the request is: the F1 to expect of as many of the listed files as make it largest, 0 where none is named to modify. files: as nameFiles gives them. */
export function predictabilityOf(files: readonly RankedFile[]): number {
  if (!files.some(({ role }) => role === 'modify')) return 0
  const { f1 } = bestCut(files.filter(isToModify).map(({ score }) => score))
  return Math.round(100 * f1) / 100
}

function isToModify({ path, isGenerated }: { readonly path: RepoPath; readonly isGenerated?: true }): boolean {
  const kind = kindOfPath(path)
  return !isGenerated && (kind === 'source' || kind === 'other')
}
