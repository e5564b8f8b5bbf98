import type { Companion } from '../companions/likely-companions.ts'
import { shownPath } from '../paths.ts'
import type { LeftStep } from '../recipes/unfinished.ts'
import { lastCommits } from '../text/last-commits.ts'
import { shorten } from '../text/shorten.ts'
import type { RepoPath } from '../types.ts'
import type { StaleMention } from './stale-mentions.ts'

/** Something that a change lacks, with its reason. */
export interface Finding {
  readonly rule: 'usual-companion' | 'unfinished-recipe' | 'stale-document'
  /** The file that is not among the changed ones; of a recipe also a pattern of a new one. Of a page: that page. */
  readonly path: string
  readonly isPattern: boolean
  /** Of a page: the line that names what is gone. */
  readonly line?: number
  /** The changed file that shows it. */
  readonly at: RepoPath
  /** 'in 9 of the last 11 small commits to src/a.ts'. */
  readonly evidence: string
  /** One sentence. */
  readonly message: string
  /** Probability that the change is incomplete without it; null: not known. */
  readonly probability: number | null
}

const LONGEST = 60 // characters of a commit's subject

export function findingOfCompanion(companion: Companion, isUnstaged: boolean): Finding {
  const { path, seed, probability } = companion
  const evidence = evidenceOf(companion)
  const also = isUnstaged ? ' (you have changed it, but not staged it)' : ''
  const message = `${shownPath(path)} usually changes too: ${evidence}${also}`
  return { rule: 'usual-companion', path, isPattern: false, at: seed, evidence, message, probability }
}

export function findingOfMention({ path, line, name, at }: StaleMention): Finding {
  const evidence = `${shownPath(at)} had it, and no file but a page names it any more`
  const message = `${shownPath(path)}:${line} still names ${shownPath(name)}, which this change removes: ${evidence}`
  return { rule: 'stale-document', path, isPattern: false, line, at, evidence, message, probability: null }
}

function evidenceOf({ seed, times, of, alike }: Companion): string {
  const ofSeed = `in ${lastCommits(times, of)} to ${shownPath(seed)}`
  const ofAlike = `in ${alike.times} of the ${alike.of} past commits most like this change`
  return alike.times / alike.of > times / of && times / of < 0.5 ? `${ofAlike}, and ${ofSeed}` : ofSeed
}

/** at: a changed file, if none begins the recipe. */
export function findingOfStep({ recipe, step, begun }: LeftStep, at: RepoPath): Finding {
  const { place, isPattern, model, held } = step
  const [newest] = recipe.commits
  const example = newest ? `, such as ${newest.hash.slice(0, 7)} "${shorten(newest.subject, LONGEST)}"` : ''
  const evidence = `in ${held} of ${recipe.commits.length} past commits of the recipe "${recipe.name}"${example}`
  const like = model === null ? '' : ` like ${shownPath(model)}`
  const what = isPattern
    ? `a new ${shownPath(place)}${like} is usually made too`
    : `${shownPath(place)} usually changes too`
  const when = begun === null ? 'for such a request' : `when a file like ${shownPath(begun)} is made`
  const message = `${what} ${when}: ${evidence}`
  return { rule: 'unfinished-recipe', path: place, isPattern, at: begun ?? at, evidence, message, probability: null }
}
