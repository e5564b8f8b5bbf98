import type { RepoPath } from '../../src/types.ts'
import { fixOfProtected, type ProtectedChanges } from './protected-changes.ts'
import type { StagedResult } from './staged/state.ts'

const NOTHING = 'say more exactly what is to change; the transcript shows why nothing was changed'

/** Corrects the end of a run by its changes: it is not done if it changed nothing, or if it changed a protected path without permission. */
export function judgeEnd(outcome: StagedResult, changed: readonly RepoPath[], guarded: ProtectedChanges): StagedResult {
  if (outcome.stop !== 'done') return outcome
  const refused = guarded.refused.map(({ path }) => path)
  if (changed.length === 0)
    return {
      ...outcome,
      stop: 'nothing-changed',
      reason: `the agent changed nothing${refused.length > 0 ? ', since what it meant to change is protected' : ''}`,
      fix: refused.length > 0 ? fixOfProtected(refused) : NOTHING,
    }
  const unasked = guarded.changed.filter(({ allowedBy }) => allowedBy === null).map(({ path }) => path)
  if (unasked.length === 0) return outcome
  return {
    ...outcome,
    stop: 'checks-failed',
    reason: `changed without permission: ${unasked.join(', ')} (protected)`,
    fix: fixOfProtected(unasked),
  }
}
