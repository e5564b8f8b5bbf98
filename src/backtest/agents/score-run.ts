import type { PastFeature } from '../../history/mine-features.ts'
import { isSource } from '../../paths.ts'
import type { AgentRun } from '../../store/backtests.ts'
import type { RepoPath } from '../../types.ts'

/** All from 0 to 1. */
export interface FileScore {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * Compares the existing files that a run changed or deleted with those that the feature modified: source files, and files of
 * every kind. New files count neither for nor against, nor does a file that the feature itself deleted.
 */
export function scoreRun(
  { modified, deleted }: Pick<AgentRun, 'modified' | 'deleted'>,
  feature: PastFeature,
): { readonly source: FileScore; readonly all: FileScore } {
  const changed = [...modified, ...deleted].filter((path) => !feature.deleted.includes(path))
  return {
    source: compare(changed.filter(isSource), feature.modifiedSource),
    all: compare(changed, feature.modified),
  }
}

function compare(changed: readonly RepoPath[], wanted: readonly RepoPath[]): FileScore {
  const hits = changed.filter((path) => wanted.includes(path)).length
  return {
    precision: changed.length === 0 ? 0 : hits / changed.length,
    recall: hits / wanted.length,
    f1: hits === 0 ? 0 : (2 * hits) / (changed.length + wanted.length),
  }
}
