import type { PastFeature } from '../../history/mine-features.ts'
import { isSource } from '../../paths.ts'
import type { BacktestRun } from '../../store/backtests.ts'
import { type FileScore, fileScore } from '../file-score.ts'

/**
 * Compares the existing files that a run changed or deleted with those that the feature modified: source files, and files of every
 * kind. New files, and files that the feature itself deleted, are ignored.
 */
export function scoreRun(
  { modified, deleted }: Pick<BacktestRun, 'modified' | 'deleted'>,
  feature: PastFeature,
): { readonly source: FileScore; readonly all: FileScore } {
  const changed = [...modified, ...deleted].filter((path) => !feature.deleted.includes(path))
  return {
    source: fileScore(changed.filter(isSource), feature.modifiedSource),
    all: fileScore(changed, feature.modified),
  }
}
