import type { RepoPath } from '../types.ts'
import { applyToTree, filesOf, fits } from './apply-result.ts'
import { digestOf, keptContent } from './kept-content.ts'
import { mergeDiff } from './merge-diff.ts'
import { type RepoOrFolder, stillOpen } from './open-repo.ts'
import { readStanding } from './put-back.ts'
import { isAside, type KeptResult, saveResult } from './results.ts'
import { notUndoable } from './undo-result.ts'

export type ApplyEnd =
  /** diff: what was applied; after a merge it differs from the result's diff. canUndo: the earlier contents were stored. */
  | {
      readonly status: 'applied'
      readonly files: readonly RepoPath[]
      readonly diff: string
      readonly isMerged: boolean
      readonly canUndo: boolean
    }
  | { readonly status: 'nothing' }
  /** Nothing was changed. files: those that differ from the diff's base, or in which both sides changed the same lines. */
  | { readonly status: 'clash'; readonly files: readonly RepoPath[] }

export interface ApplyOptions {
  /** If it does not fit, merge it three-way with later changes, like `git apply --3way` but without conflict markers. */
  readonly merge: boolean
  /** Writes nothing; returns what would happen. */
  readonly isDry?: boolean
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

/**
 * Applies a kept result to the working tree, all of it or nothing, and stores the earlier contents for undo. The index is not touched.
 * result: null for a dry run of a foreign diff. Throws git's error when it cannot write; the files are then restored.
 */
export async function applyKept(
  repo: RepoOrFolder,
  result: KeptResult | null,
  diff: string,
  { merge, isDry = false, clock = Date.now }: ApplyOptions,
): Promise<ApplyEnd> {
  if (diff === '') return { status: 'nothing' }
  const place = await stillOpen(repo)
  const { root } = place
  const isMerged = merge && !(await fits(root, diff))
  if (isMerged && (await fits(root, diff, ['--reverse']))) return { status: 'nothing' } // everything is applied already
  const merged = isMerged ? await mergeDiff(root, diff) : { diff }
  if ('conflicts' in merged) return { status: 'clash', files: merged.conflicts }
  if (merged.diff === '') return { status: 'nothing' }
  const files = await filesOf(root, merged.diff)
  const end = { status: 'applied', files, diff: merged.diff, isMerged, canUndo: result !== null } as const
  if (isDry || !result) return end
  const before = await readStanding(root, files)
  let canUndo = false
  const record = async () => {
    if (isAside(result)) return
    const after = await readStanding(root, files)
    const kept = files.map((path, i) => ({ path, before: keptContent(before[i]!), after: digestOf(after[i]!) }))
    // for instance when the disk is full: the files are right, which is what was asked for
    canUndo = await saveResult({ ...result, state: 'applied', root, appliedAt: clock(), files: kept }).then(
      async () => (await notUndoable(root, kept)).length === 0,
      () => false,
    )
  }
  const outcome = await applyToTree(place, merged.diff, async () => result.diffPath, record)
  return outcome.status === 'applied' ? { ...end, canUndo } : outcome
}
