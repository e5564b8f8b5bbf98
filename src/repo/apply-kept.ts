import type { RepoPath } from '../types.ts'
import { applyToTree, filesOf, fits } from './apply-result.ts'
import { digestOf, keptContent } from './kept-content.ts'
import { mergeDiff } from './merge-diff.ts'
import { readStanding } from './put-back.ts'
import { type KeptResult, saveResult } from './results.ts'

export type ApplyEnd =
  /** diff: what was applied, which is another one than the result's where it was merged. canUndo: what stood there before is kept. */
  | {
      readonly status: 'applied'
      readonly files: readonly RepoPath[]
      readonly diff: string
      readonly isMerged: boolean
      readonly canUndo: boolean
    }
  | { readonly status: 'nothing' }
  /** Nothing was changed. files: those that are not as the diff has them, or in which both changed the same lines. */
  | { readonly status: 'clash'; readonly files: readonly RepoPath[] }

export interface ApplyOptions {
  /** Where it does not fit, merge it three-way with what has changed since: as `git apply --3way`, but without conflict markers. */
  readonly merge: boolean
  /** Nothing is written; says what would be. */
  readonly isDry?: boolean
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

/**
 * Applies a kept result to the working tree, all of it or nothing, and keeps what stood there before, so that it can be taken back. The index is
 * not touched. result: null for a dry run of a diff from elsewhere. Throws what git says when it cannot write: the files are then put back.
 */
export async function applyKept(
  root: string,
  result: KeptResult | null,
  diff: string,
  { merge, isDry = false, clock = Date.now }: ApplyOptions,
): Promise<ApplyEnd> {
  if (diff === '') return { status: 'nothing' }
  const isMerged = merge && !(await fits(root, diff))
  if (isMerged && (await fits(root, diff, ['--reverse']))) return { status: 'nothing' } // all of it is there already
  const merged = isMerged ? await mergeDiff(root, diff) : { diff }
  if ('conflicts' in merged) return { status: 'clash', files: merged.conflicts }
  if (merged.diff === '') return { status: 'nothing' }
  const files = await filesOf(root, merged.diff)
  const end = { status: 'applied', files, diff: merged.diff, isMerged, canUndo: result !== null } as const
  if (isDry || !result) return end
  const before = await readStanding(root, files)
  const outcome = await applyToTree(root, merged.diff, async () => result.diffPath)
  if (outcome.status !== 'applied') return outcome
  const after = await readStanding(root, files)
  const kept = files.map((path, i) => ({ path, before: keptContent(before[i]!), after: digestOf(after[i]!) }))
  // on a full disk, for instance: the files are right, and that is what was asked for
  const canUndo = await saveResult({ ...result, state: 'applied', root, appliedAt: clock(), files: kept }).then(
    () => true,
    () => false,
  )
  return { ...end, canUndo }
}
